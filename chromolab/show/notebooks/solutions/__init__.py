"""The exercises of the series and their solutions, which stand nowhere else: a module per notebook, by parts.

A module holds functions decorated with `@chromolab.show.notebooks.exercises.exercise(...)`; a notebook finds them with
`exercises.check("name", fn)`, by the function's name. tests/show/notebooks/test_exercises.py proves that each check
accepts its solution and rejects at least three mistakes.
"""

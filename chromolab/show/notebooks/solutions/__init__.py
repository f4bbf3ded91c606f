"""The exercises of the series and their solutions, which stand nowhere else: one module per notebook.

A module holds functions decorated with `@chromolab.show.notebooks.exercises.exercise(...)`; `exercises.check("name", fn)` in a
notebook finds them by the function's name. tests/show/notebooks/test_exercises.py proves that each check accepts its solution and rejects at
least three mistakes.
"""

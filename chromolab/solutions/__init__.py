"""The exercises of the series with their solutions: one module per notebook, each solution in this one place.

A module holds functions under `@chromolab.show.exercises.exercise(...)`; `exercises.check("name", fn)` in a notebook
finds them by the function's name. tests/test_exercises.py proves that each check accepts its solution and rejects at
least three mistakes.
"""

"""The drawings of the course; `PYTHONPATH=tests python -m helpers.drawings` writes `notebooks/images/*.svg`."""

"""A `my.yaml`: its files, the plan, the build."""

"""The teaching genome: a small simulated genome, written as real files and read back through the usual loaders.

`simulate` makes one or takes it from the cache. The `World` it returns has the files, `World.dataset()` and
`World.key`, which holds what truly drives each gene. Everything here is simulated and labelled as such.
"""

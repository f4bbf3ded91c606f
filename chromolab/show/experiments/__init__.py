"""One notebook over many settings: grids, runs that are whole or absent, where they run, and what came of them."""

"""Benchmarks, and campaigns of damage: `make bench`, or `make bench BENCH=campaign_fetch ARGS="--kills 20"`."""

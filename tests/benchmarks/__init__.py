"""Benchmarks: what the bars name, measured as ratios within one run, with the machine's own yardstick beside."""

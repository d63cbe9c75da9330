"""How fast podfeed is, and how that compares with Hugo: `python -m benchmarks`."""

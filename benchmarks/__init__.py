"""Benchmarks: ratios within one run, the floor and the product taking turns."""

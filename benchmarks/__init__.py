"""Measurements that are no tests: they depend on the machine, so they print and never fail."""

"""Measurements, one command each: ``python -m benchmarks.submissions`` and its neighbours.

They stand apart from the tests. Figures of one run are compared with each other, never with those
of another machine or another hour.
"""

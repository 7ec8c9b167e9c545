"""Data. Read with importlib.resources."""

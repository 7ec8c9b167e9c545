"""How fast the program is, measured beside something plain in the same run.

Run one topic at a time, for example ``python -m benchmarks.scoring``. Not part of the package.
"""

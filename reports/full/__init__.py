"""The full report: what a working group lives in for a month, section by section.

Each module holds one section and yields blocks; nothing here sets a page or computes a score.
"""

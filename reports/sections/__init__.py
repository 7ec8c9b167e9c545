"""Sections of a report, one file each: from a release's content to something drawn at a place."""

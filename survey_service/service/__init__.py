"""Use cases: what a door asks for, in one call each. A store and the day come in as arguments.

``waves`` create, open, close · ``collection`` one submission · ``imports`` a table of answers ·
``publication`` from a closed wave to its release. Doors import what they need from these modules,
so that a web worker does not load statistics.
"""

"""Addresses that programs ask, by their beginning."""

PROBES = ("/livez", "/readyz", "/metrics")
"""What watches the server asks these; they need no turn and are counted nowhere."""

PROGRAMS = ("/api/", *PROBES)
"""Errors of these are problem documents, of all others pages."""

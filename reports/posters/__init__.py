"""Posters with a QR code, to be put up where people pass: one for each unit, or one for all."""

from reports.posters.rendering import render_posters
from reports.posters.sheet import Poster, PosterSheet

__all__ = ["Poster", "PosterSheet", "render_posters"]

"""Cards with one-time codes, to be cut out, folded and drawn by lot: one stack for each group."""

from reports.cards.rendering import render_cards
from reports.cards.sheet import CardSheet, Stack

__all__ = ["CardSheet", "Stack", "render_cards"]

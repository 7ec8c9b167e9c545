"""What comes out: printed reports, made from a release and nothing else.

A report sees rounded numbers from which everything that must stay hidden is already gone; it computes
no score. ``charts`` draws, ``findings`` finds the words, ``sections`` places both, ``typography`` and
``linebreaking`` set Chinese and English text.
"""

from reports.brief import render_brief

__all__ = ["render_brief"]

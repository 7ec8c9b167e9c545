"""Collect answers, keep them, score them, publish what may be published.

The way of the data, one direction::

    questionnaire -> schema -> response -> store -> score matrix -> plan -> score -> audit -> release -> report

Doors (``web``, ``cli``) call use cases (``service``); use cases call the core
(``questionnaire``, ``roster``, ``wave``, ``response``, ``schema``, ``scoring``, ``disclosure``);
adapters (``storage``, and the package ``reports`` beside this one) face the outside world.
This module imports nothing.
"""

__version__ = "0.1.0"

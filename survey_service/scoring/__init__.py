"""From answers to scores. Pure: no I/O, no clock, no environment, only NumPy and scipy.special.

The way through the package::

    matrix        raw codes -> keyed codes -> dimension scores (people x items, people x dimensions)
    careless      who answered without reading, and who is left out for it
    tallies       people are passed over once: sums by stratum, from which every union of strata follows
    descriptives  mean, interval and shares of many sets of people at once
    index         blocks and the index, composed of dimension means
    aggregate     every score of every set
    weighting     the same, each cell of the roster counting as it has people (raking: known margins only)
    headline      the weighted scores of the whole
    reliability   alpha, and omega
    agreement     whether people of one unit agree, and units differ
    families      gaps, marks of units, change between waves: comparison, effect_size
    drivers       what goes with the outcome: relative_weights, priorities
    quality       what leaving careless people out did
    analysis      all of it for one wave
    trend         two analyses side by side

Rows are people, columns are items or dimensions; a stratum is a label of people, a set of people a
row of booleans over strata. Inside arrays NaN marks what does not exist; results hold None and a
reason instead. Nothing is rounded and nothing is hidden here.
"""

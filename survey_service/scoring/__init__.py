"""From answers to scores. Pure: no I/O, no clock, no environment, only NumPy and scipy.special.

The way through the package::

    matrix        raw codes -> keyed codes -> dimension scores (people x items, people x dimensions)
    careless      who answered without reading, and who is left out for it
    descriptives  mean, interval and shares of many sets of people at once
    index         blocks and the index, composed of dimension means
    aggregate     every score of every set, ready for disclosure control

Rows are people, columns are items or dimensions, and a set of people is a row of booleans. Inside
arrays NaN marks what does not exist; the results of `aggregate` hold None and a reason instead.
Nothing is rounded and nothing is hidden here.
"""

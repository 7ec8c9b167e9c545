"""What may be published, and how precisely. Pure: no I/O, no clock, no statistic of its own.

``plan`` decides from counts which sets of people may be shown; ``precision`` how a figure of such a
set is written; ``release`` puts the one document together from which every report is rendered.
Hidden is hidden for one reason only: whether nobody, one or eight answered must look alike.
"""

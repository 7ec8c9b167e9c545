"""What a reader is told in words: rules from released numbers to sentences.

A rule claims only what every row supports. "Highest" and "lowest" need an interval that touches no
other; where it touches one, the sentence says "among the highest" or gives the number alone.
"""

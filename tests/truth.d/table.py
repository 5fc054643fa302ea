# SPDX-License-Identifier: GPL-2.0-or-later
"""The table of scenarios: a row for each, made by the files that play them."""
import re

ROWS = []

# Scenarios of Slurm's behaviour that make no difference to what is watched.
NOT_PLAYED = {
    "37": "CancelTime is no setting of Slurm's",
    "40": "only measures how long rows take",
}


class Row:
    """A scenario: what it is about, and how it is played."""

    def __init__(self, name, play, alone, whole):
        self.name = name
        self.title = play.__doc__.split("\n\n")[0].replace("\n", " ")
        self.play = play
        self.alone = alone  # nothing else is played meanwhile
        self.whole = whole  # not with --quick

    def order(self):
        """05b is behind 05 and before 10."""
        number, rest = re.match(r"(\d*)(.*)", self.name).groups()
        return (int(number or 1000), rest)


def scenario(name, alone=False, whole=False):
    """A function that plays a scenario, in what order if alone: that of the
    table. Its first sentence is the title."""
    def add(play):
        ROWS.append(Row(name, play, alone, whole))
        return play
    return add

"""Which units a report lists: a group has hundreds, and a reader has patience for a few sheets."""

from reports.material import Material

#: So many units fit on one sheet; more are shown on a second one, then only the upper levels.
MOST_ROWS, MOST_SHEETS = 30, 3


def choose_units(material: Material) -> list[str]:
    """Return the units that are listed: all, or as many upper levels as a few sheets hold."""
    units = list(material.units)
    depths = {unit: material.depth_of(unit) for unit in units}
    most = MOST_ROWS * MOST_SHEETS
    for deepest in range(max(depths.values()), -1, -1):
        chosen = [unit for unit in units if depths[unit] <= deepest]
        if len(chosen) <= most:
            return chosen
    return units[:most]

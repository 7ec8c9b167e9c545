"""Say plainly which groups answers will carry as a label, what was merged, what can be compared."""

from typing import TYPE_CHECKING

import click

from survey_service.cli.output import print_table
from survey_service.i18n import Words

if TYPE_CHECKING:
    from survey_service.wave import Wave


def print_strata(wave: "Wave", w: Words) -> None:
    """Print the strata of a wave, the merged ones marked."""
    if wave.roster is None:
        click.echo(w("cli.strata.none"))
        return
    if not wave.strata.groups:
        click.echo(w("cli.strata.background", n=wave.roster.headcount))
        return
    counts = {"units": len(wave.roster.staffed), "n": wave.roster.headcount}
    click.echo(w("cli.strata.about", strata=len(wave.strata.strata), **counts))
    rows = []
    for stratum in wave.strata.strata:
        roles = w("cli.list_separator").join(w(f"role.{role}") for role in stratum.roles)
        merged = len(stratum.roles) > 1 or len(stratum.units) > 1
        units = w("cli.list_separator").join(stratum.units)
        note = w("cli.strata.merged") if merged else ""
        rows.append((units, roles, str(stratum.headcount), note))
    print_table(w("cli.strata.columns").split("|"), rows, right=(2,))


def print_analyses(wave: "Wave", w: Words) -> None:
    """Print which comparisons the strata leave possible."""
    if wave.roster is None or not wave.strata.groups:
        return
    reach = wave.strata.measure_reach(wave.roster)
    alone = len([group for group in wave.strata.groups if len(group.units) == 1])
    click.echo(w("cli.analyses.units", alone=alone, units=len(wave.roster.staffed)))
    click.echo(w("cli.analyses.gap", share=round(100 * reach.by_rank)))
    key = "cli.analyses.managers" if reach.allows_managers_alone else "cli.analyses.no_managers"
    click.echo(w(key, share=round(100 * reach.managers_alone)))

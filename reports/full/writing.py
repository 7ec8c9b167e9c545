"""The full report from its cover to its appendix, in blocks."""

from collections.abc import Callable, Iterator

from reports.blocks import Block, Report
from reports.full.appendix import write_appendix
from reports.full.change import write_change
from reports.full.chapters import write_mechanisms, write_safety
from reports.full.comments import write_comments
from reports.full.cover import write_front, write_running
from reports.full.drivers import write_drivers
from reports.full.improvement import write_improvement
from reports.full.items import write_items
from reports.full.main_findings import write_findings
from reports.full.numbering import number_blocks
from reports.full.overall import write_overall
from reports.full.participation import write_participation
from reports.full.provenance import write_provenance
from reports.full.ranks import write_ranks
from reports.full.reading import write_reading
from reports.full.units import write_units
from reports.material import Material
from survey_service.i18n import HTML_LANGUAGE

SECTIONS: tuple[Callable[[Material], Iterator[Block]], ...] = (
    write_reading,
    write_findings,
    write_participation,
    write_overall,
    write_units,
    write_items,
    write_ranks,
    write_drivers,
    write_change,
    write_safety,
    write_mechanisms,
    write_comments,
    write_improvement,
    write_appendix,
)


def write_report(material: Material) -> Report:
    """Return the whole report; the same release gives the same blocks."""
    blocks = [block for write in SECTIONS for block in write(material)]
    return Report(
        write_front(material),
        number_blocks(material, blocks),
        write_provenance(material),
        HTML_LANGUAGE[material.lang],
        write_running(material),
    )

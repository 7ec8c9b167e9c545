"""The page around the blocks: head, contents, main part and where the report comes from."""

from collections.abc import Sequence
from functools import cache
from importlib.resources import files
from xml.etree import ElementTree as ET

from reports.blocks import Block, Heading, Report
from reports.webpage.elements import add, make, set_block
from survey_service.i18n import Words


def render_page(report: Report, say: Words) -> bytes:
    """Return the report as one HTML file in UTF-8 that asks for nothing else; same blocks, same bytes."""
    page = make("html", lang=report.language)
    page.append(_make_head(report))
    body = add(page, "body")
    add(body, "a", say("report_html.skip"), class_="skip", href="#main")
    body.append(_make_header(report))
    body.append(_make_contents(report.blocks, say))
    main = add(body, "main", id="main")
    for block in report.blocks:
        main.extend(set_block(block, say))
    body.append(_make_footer(report, say))
    markup = ET.tostring(page, encoding="unicode", method="html")
    return f"<!doctype html>\n{markup}\n".encode()


def _make_head(report: Report) -> ET.Element:
    head = make("head")
    add(head, "meta", charset="utf-8")
    add(head, "meta", name="viewport", content="width=device-width, initial-scale=1")
    front = report.front
    add(head, "title", f"{front.title} {front.subtitle} {front.organisation} {front.period}")
    add(head, "style", _read_style())
    return head


def _make_header(report: Report) -> ET.Element:
    front = report.front
    header = make("header")
    add(header, "p", "\u3000".join(front.marks), class_="marks")
    add(header, "h1", f"{front.title} {front.subtitle}")
    add(header, "p", front.organisation)
    add(header, "p", front.period)
    return header


def _make_contents(blocks: Sequence[Block], say: Words) -> ET.Element:
    contents = make("nav", aria_labelledby="contents")
    add(contents, "h2", say("report.contents"), id="contents")
    listing = add(contents, "ol")
    inner: ET.Element | None = None
    for block in blocks:
        if not isinstance(block, Heading) or block.level > 2:
            continue
        if block.level == 1:
            entry, inner = add(listing, "li"), None
        else:
            inner = add(listing[-1], "ol") if inner is None else inner
            entry = add(inner, "li")
        add(entry, "a", block.text, href=f"#{block.anchor}")
    return contents


def _make_footer(report: Report, say: Words) -> ET.Element:
    footer = make("footer")
    add(footer, "h2", say("report.provenance"))
    listing = add(footer, "dl")
    for name, value in report.provenance:
        add(listing, "dt", name)
        add(listing, "dd", value)
    return footer


@cache
def _read_style() -> str:
    lines = files(__package__).joinpath("page.css").read_text("utf-8").splitlines()
    return "\n".join(line.strip() for line in lines)

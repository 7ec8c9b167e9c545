"""The two waves of the synthetic mine as they are released today.

``python -m tests.reports.mine`` writes them again where the release has changed.
"""

import json
import tempfile
from datetime import date
from pathlib import Path
from typing import Any

from survey_service.questionnaire import load
from survey_service.roster import parse_roster
from survey_service.service.imports import import_answers
from survey_service.service.publication import publish
from survey_service.service.waves import close_wave, create_wave, open_wave
from survey_service.storage import open_store
from survey_service.store import Store
from survey_service.table import parse_table
from survey_service.wave import Notice

HERE = Path(__file__).parent
SOURCES = HERE.parent / "scoring" / "data"
FIRST, SECOND = HERE / "data" / "mine_release.json", HERE / "data" / "mine_second_release.json"
IGNORED = ("rid", "wave", "N1", "party", "tenure")
NOTICE = Notice("示例煤矿（合成数据）", "工会", "内线", 12)
DAYS = {1: (date(2026, 10, 8), date(2026, 10, 20)), 2: (date(2027, 4, 8), date(2027, 4, 20))}


def release_waves(store: Store) -> dict[Path, str]:
    """Run both waves in an empty store; return what each file of data holds."""
    roster_file = SOURCES / "syn_a_roster.csv"
    roster = parse_roster(parse_table(roster_file.name, roster_file.read_bytes()))
    for number, (opened, closed) in DAYS.items():
        name = f"mine-{number}"
        title = f"{opened.year}年第{number}期"
        create_wave(store, name, load("full"), roster, title=title, notice=NOTICE)
        wave = open_wave(store, name, opened)
        raw = (SOURCES / f"syn_a_wave{number}.csv").read_bytes()
        table = parse_table(f"wave{number}.csv", raw)
        import_answers(store, wave, table, raw, opened, ignore=IGNORED)
        close_wave(store, name, closed)
    first = json.loads(publish(store, "mine-1").to_json())
    second = json.loads(publish(store, "mine-2", "mine-1").to_json())
    return {FIRST: write(add_hidden_unit(first)), SECOND: write(second)}


def add_hidden_unit(content: dict[str, Any]) -> dict[str, Any]:
    """Add a unit that is hidden, as the roll-up of a real roster would leave one."""
    content["unit_order"].append("地测科")
    content["units"]["地测科"] = {"suppressed": "privacy"}
    content["participation"]["units"]["地测科"] = {"suppressed": "privacy"}
    return content


def write(content: dict[str, Any]) -> str:
    """Return what a file of data holds."""
    return json.dumps(content, ensure_ascii=False, sort_keys=True, indent=1) + "\n"


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as folder:
        for path, text in release_waves(open_store(f"tinydb:{folder}/store")).items():
            path.write_text(text, encoding="utf-8")

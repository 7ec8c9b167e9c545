import json
from pathlib import Path
from typing import Any

import pytest

import reports.batch
from reports import render_unit_briefs
from survey_service.disclosure.release import Release
from survey_service.questionnaire import load
from tests.reports.mine import FIRST


def make_many(count: int) -> Release:
    content: dict[str, Any] = json.loads(FIRST.read_text("utf-8"))
    unit = content["units"]["掘进队"]
    rate = content["participation"]["units"]["掘进队"]
    order = [f"第{number}队" for number in range(count)]
    content |= {"unit_order": order, "units": dict.fromkeys(order, unit)}
    content["participation"]["units"] = dict.fromkeys(order, rate)
    return Release(content)


def test_several_processes_write_what_one_would(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    release = make_many(reports.batch.WORTH_A_PROCESS)
    done: list[str] = []
    for folder, processes in (("one", 1), ("two", 2)):
        (tmp_path / folder).mkdir()
        monkeypatch.setattr(reports.batch, "count_processors", lambda n=processes: n)
        names = render_unit_briefs(release, load("full"), tmp_path / folder, done=done.append)
    assert sorted(done) == sorted(release.content["unit_order"] * 2)
    assert len(set(names)) == reports.batch.WORTH_A_PROCESS
    for name in names:
        one, two = ((tmp_path / folder / name).read_bytes() for folder in ("one", "two"))
        assert one == two


def test_a_disk_that_refuses_stops_all(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reports.batch, "count_processors", lambda: 2)
    release = make_many(reports.batch.WORTH_A_PROCESS)
    with pytest.raises(OSError, match="nowhere"):
        render_unit_briefs(release, load("full"), tmp_path / "nowhere")

"""The server starts without what only scoring needs."""

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]
SERVE = """
import sys
from datetime import date
from survey_service.questionnaire import load
from survey_service.service.waves import create_wave, open_wave
from survey_service.storage import open_store
from survey_service.web.application import create_app
import survey_service.cli.serve

store = open_store(sys.argv[1])
create_wave(store, "w", load("pulse"), rehearsal=True)
open_wave(store, "w", date(2026, 10, 8))
client = create_app(store, lambda: date(2026, 10, 9)).test_client()
body = {"submission": "0" * 32, "answers": {"O1_4b": 4}}
assert client.get("/").status_code == 200
assert client.post("/api/v1/waves/w/responses", json=body).status_code == 201
print(*sorted({name.partition(".")[0] for name in sys.modules}))
"""


def test_serving_does_not_load_scipy(tmp_path: Path) -> None:
    found = subprocess.run(
        [sys.executable, "-X", "importtime", "-c", SERVE, f"tinydb:{tmp_path}/instance"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    loaded = set(found.stdout.split())
    assert {"flask", "tinydb", "numpy"} <= loaded
    assert not loaded & {"scipy", "reportlab", "pandas"}
    assert "scipy" not in found.stderr  # the list of -X importtime

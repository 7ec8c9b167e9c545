"""The releases that these tests render are those that the service writes today."""

from pathlib import Path

from survey_service.storage import open_store
from tests.reports.mine import release_waves


def test_the_kept_releases_are_todays(tmp_path: Path) -> None:
    for path, text in release_waves(open_store(f"tinydb:{tmp_path}/store")).items():
        assert path.read_text(encoding="utf-8") == text, "python -m tests.reports.mine"

"""Stores to compare with: one that keeps nothing, and TinyDB as it comes out of the box."""

import os
import secrets
import threading
from datetime import date
from pathlib import Path
from typing import Any

from flask import Flask
from tinydb import TinyDB

from survey_service.response import Submission
from survey_service.storage import open_store
from survey_service.storage.tinydb import TinyDBStore
from survey_service.store import Receipt
from survey_service.web.application import create_app

DAY = date(2026, 10, 9)


class NothingKept(TinyDBStore):
    """Judges every answer and keeps none: the ceiling of the server."""

    def submit(self, wave_id: str, submission: Submission, today: date) -> Receipt:
        """Return a receipt."""
        self.wave(wave_id).require_accepting(today)
        return Receipt(f"{submission.digest[:4]}-{submission.digest[4:8]}", is_new=True)


class StockTinyDB(TinyDBStore):
    """One table in one file, written by TinyDB's own storage under a lock; durable as it can be."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        self._database = TinyDB(folder / "stock.json")
        self._turn = threading.Lock()

    def submit(self, wave_id: str, submission: Submission, today: date) -> Receipt:
        """Insert one document."""
        self.wave(wave_id).require_accepting(today)
        receipt = secrets.token_hex(4)
        with self._turn:
            self._database.table("responses").insert(write_plainly(submission, receipt))
        return Receipt(receipt, is_new=True)


def write_plainly(submission: Submission, receipt: str) -> dict[str, Any]:
    """Return the document that one would write without a thought: every answer under its name."""
    answers = {f"item_{n}": code for n, code in enumerate(submission.response.answers)}
    return {"submission": submission.digest, "receipt": receipt, "answers": answers}


def from_environment() -> Flask:
    """Return the application over the store that the benchmark names."""
    url = os.environ["SURVEY_STORE"]
    kind = os.environ.get("BENCHMARK_STORE", "")
    kinds = {"nothing": NothingKept, "stock": StockTinyDB}
    store = kinds[kind](Path(url.partition(":")[2])) if kind else open_store(url)
    return create_app(store, lambda: DAY)

"""The answers of an open wave: one live segment that is written, sealed ones that never change.

Layout of the folder::

    live.json                  responses, comments, submissions, spent codes; how much is sealed
    segment-000001.json        sealed: 200 responses, drawn by lot from the live ones, and comments
    submissions-000001.json    receipts of the submissions whose answers may be sealed

One commit is one replacement of ``live.json``; nothing else counts until it says so. It never
falls below ``KEPT`` responses once it had them, and knows all spent codes of the wave as one bit
each: from one image of the folder, a code narrows an answer to those of its whole stratum, and a
receipt to no finer a set than the responses that are live.
"""

import secrets
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from survey_service.answers import AnswerTable
from survey_service.response import Comment, Submission
from survey_service.storage.contents import (
    list_ledgers,
    name_ledger,
    name_live,
    name_segment,
    read_head,
    read_ledger,
    read_receipts,
    write_comment,
)
from survey_service.storage.files import UNFINISHED, put_files, replace_file
from survey_service.storage.receipts import draw_receipt
from survey_service.storage.segments import (
    Table,
    Texts,
    free_id,
    hash_id,
    join_texts,
    random_id,
    write_document,
)

SEGMENT_SIZE = 200
KEPT = 200
LEDGER_SIZE = 5000


class OpenAnswers:
    """What one writer knows of an open wave; after an error it is thrown away and read again."""

    def __init__(self, folder: Path) -> None:
        """Read what is there, remove what a crash left, and make sure that the rest is durable.

        A file may be visible and yet not be on disk, if the machine stops before the folder was
        synced; nobody may be told that such an answer is kept. So the live segment is written
        again before anything of it is acknowledged.
        """
        self._folder = folder
        head = read_head(folder)
        self._responses = _write_all(head.live["responses"])
        self._comments = _write_all(head.live["comments"])
        self._submissions = _write_all(head.live["submissions"])
        self._sealed = head.sealed
        self.spent = head.spent
        self._sweep()
        ledgers = list_ledgers(folder)
        self._ledger = _write_all(read_ledger(ledgers[-1]) if ledgers else {})
        self.receipts = read_receipts(folder, head)
        if head.is_there:
            self.commit()

    def stage(self, batch: Sequence[Submission], *places: int) -> str:
        """Add submissions, to be kept by the next ``commit``; return the receipt of them all.

        ``places`` are those of their codes.
        """
        receipt = draw_receipt()
        for each in batch:
            _add(self._responses, vars(each.response))
            for comment in each.comments:
                _add(self._comments, write_comment(comment))
        self._enter({each.digest: receipt for each in batch})
        for place in places:
            self.spent.add(place)
        return receipt

    def take_over(
        self,
        answers: AnswerTable,
        comments: Iterable[Comment],
        receipts: Mapping[str, str],
        places: Iterable[int],
    ) -> None:
        """Keep everything that another store has of a wave, in an empty folder."""
        for response in answers.responses():
            _add(self._responses, vars(response))
        self._comments |= _write_all({int(each.id): write_comment(each) for each in comments})
        self._enter(receipts)
        for place in places:
            self.spent.add(place)
        self.commit()
        self.seal()

    def commit(self) -> None:
        """Make durable what was staged; ``store_unwritable`` if that fails."""
        tables = {
            "responses": self._responses,
            "comments": self._comments,
            "submissions": self._submissions,
            "control": {1: write_document({"sealed": self._sealed})},
        }
        if self.spent.bits:
            tables["spent"] = {1: write_document({"bits": self.spent.bits.hex()})}
        replace_file(name_live(self._folder), join_texts(tables))

    @property
    def is_long(self) -> bool:
        """Return whether there is enough live for a segment to be sealed."""
        return len(self._responses) >= KEPT + SEGMENT_SIZE

    def seal(self) -> None:
        """Move what is more than ``KEPT`` to files that are not written again, drawn by lot."""
        segments = (len(self._responses) - KEPT) // SEGMENT_SIZE
        if segments <= 0:
            return
        chance = secrets.SystemRandom()
        drawn = chance.sample(list(self._responses), segments * SEGMENT_SIZE)
        share = len(self._comments) * len(drawn) // len(self._responses)
        said = chance.sample(list(self._comments), share)
        contents = {}
        for n in range(segments):
            sealed = {
                "responses": _move(self._responses, drawn[n * SEGMENT_SIZE :][:SEGMENT_SIZE]),
                "comments": _move(self._comments, said[n::segments]),
            }
            contents[name_segment(self._folder, self._sealed + n + 1)] = join_texts(sealed)
        for path, ledger in self._extend_ledger():
            contents[path] = join_texts({"submissions": ledger})
        put_files(contents)
        self._sealed += segments
        self._submissions = {}
        self.commit()

    def _extend_ledger(self) -> Iterator[tuple[Path, Texts]]:
        """Yield the path and the table of every ledger that the submissions go into."""
        number = max(1, len(list_ledgers(self._folder)))
        waiting = list(self._submissions.items())
        while waiting:
            if len(self._ledger) >= LEDGER_SIZE:
                number, self._ledger = number + 1, {}
            free = LEDGER_SIZE - len(self._ledger)
            for key, text in waiting[:free]:
                self._ledger[free_id(key, self._ledger)] = text
            waiting = waiting[free:]
            yield name_ledger(self._folder, number), self._ledger

    def _enter(self, receipts: Mapping[str, str]) -> None:
        for digest, receipt in sorted(receipts.items()):
            text = write_document({"digest": digest, "receipt": receipt})
            self._submissions[hash_id(digest, self._submissions)] = text
        self.receipts |= receipts

    def _sweep(self) -> None:
        """Remove unfinished files, and segments that were written but never counted."""
        for path in self._folder.glob(f"{UNFINISHED}*"):
            path.unlink(missing_ok=True)
        for path in self._folder.glob("segment-*.json"):
            if int(path.stem.rpartition("-")[2]) > self._sealed:
                path.unlink()


def _add(table: Texts, document: Mapping[str, Any]) -> None:
    """Add a document under a random id."""
    table[random_id(table)] = write_document(document)


def _write_all(table: Table) -> Texts:
    return {key: write_document(document) for key, document in table.items()}


def _move(table: Texts, ids: Iterable[int]) -> Texts:
    """Take documents out of a table."""
    return {key: table.pop(key) for key in ids}

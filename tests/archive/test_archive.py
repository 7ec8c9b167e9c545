"""A backup gives back what a store keeps, and nothing that is not as it was written."""

import hashlib
import io
import json
import random
import stat
import zipfile
from collections.abc import Callable
from datetime import date

import pytest

from survey_service.archive import open_archive, take_fingerprint, write_archive
from survey_service.archive.seal import SEAL_BYTES, take_seal
from survey_service.errors import Code, SurveyError
from survey_service.questionnaire import Questionnaire
from survey_service.snapshot import Snapshot
from survey_service.storage import open_store
from survey_service.store import Store
from tests.factories import CLOSED, fill_store, make_questionnaire

WAVES = ("carded", "closed", "draft", "linked")


@pytest.fixture
def snapshots(store: Store, small: Questionnaire) -> list[Snapshot]:
    fill_store(store, small)
    return [store.snapshot(wave_id) for wave_id in WAVES]


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """Return a backup, made once for all tests that break it."""
    folder = tmp_path_factory.mktemp("whole")
    store = open_store(f"tinydb:{folder}/store")
    fill_store(store, make_questionnaire(folder))
    return pack([store.snapshot(wave_id) for wave_id in WAVES])


def pack(snapshots: list[Snapshot], day: date = CLOSED) -> bytes:
    stream = io.BytesIO()
    write_archive(stream, snapshots, day)
    return stream.getvalue()


def judge(raw: bytes) -> Code:
    with pytest.raises(SurveyError) as caught:
        open_archive(io.BytesIO(raw), "b.zip")
    return caught.value.code


def same(one: Snapshot, other: Snapshot) -> bool:
    return (
        one.wave == other.wave
        and one.answers.hash() == other.answers.hash()
        and sorted(one.comments, key=str) == sorted(other.comments, key=str)
        and (one.receipts, one.codes, one.spent) == (other.receipts, other.codes, other.spent)
    )


def test_what_went_in_comes_out(snapshots: list[Snapshot]) -> None:
    archive = open_archive(io.BytesIO(pack(snapshots)), "b.zip")
    assert archive.manifest.made_on == CLOSED
    assert [wave.id for wave in archive.waves] == list(WAVES)
    for snapshot in snapshots:
        assert same(archive.snapshot(snapshot.wave.id), snapshot)
    counts = archive.counts("carded")
    assert (counts.answers, counts.comments, counts.receipts) == (12, 12, 12)
    assert (counts.codes, counts.spent, counts.unspent) == (40, 12, 28)


def test_what_a_store_restores_from_a_backup_is_what_was_in_it(
    snapshots: list[Snapshot], other_store: Store
) -> None:
    archive = open_archive(io.BytesIO(pack(snapshots)), "b.zip")
    for snapshot in snapshots:
        other_store.restore(archive.snapshot(snapshot.wave.id))
        back = other_store.snapshot(snapshot.wave.id)
        assert same(back, snapshot)
        assert take_fingerprint(back) == take_fingerprint(snapshot)


def test_equal_content_gives_equal_bytes_whatever_the_order(
    snapshots: list[Snapshot], reopen: Callable[[], Store]
) -> None:
    chance = random.Random(1)

    def shuffle(snapshot: Snapshot) -> Snapshot:
        rows = list(range(len(snapshot.answers)))
        chance.shuffle(rows)
        receipts, codes = list(snapshot.receipts.items()), list(snapshot.codes.items())
        comments = list(snapshot.comments)
        for each in (receipts, codes, comments):
            chance.shuffle(each)
        table = snapshot.answers.take(rows)  # type: ignore[arg-type]
        return Snapshot(
            snapshot.wave, table, tuple(comments), dict(receipts), dict(codes), snapshot.spent
        )

    whole = pack(snapshots)
    assert pack([shuffle(each) for each in snapshots]) == whole
    assert pack([reopen().snapshot(wave_id) for wave_id in WAVES]) == whole


def test_a_fingerprint_sees_every_part(snapshots: list[Snapshot]) -> None:
    seen = {take_fingerprint(snapshot) for snapshot in snapshots}
    carded = snapshots[0]
    parts = vars(carded) | {"answers": carded.answers}
    for changes in (
        {"answers": carded.answers.take(list(range(11)))},  # type: ignore[arg-type]
        {"comments": carded.comments[1:]},
        {"receipts": dict(list(carded.receipts.items())[1:])},
        {"codes": dict.fromkeys(carded.codes, "s001")},
        {"spent": frozenset(list(carded.spent)[1:])},
        {"wave": snapshots[3].wave},
    ):
        seen.add(take_fingerprint(Snapshot(**(parts | changes))))
    assert len(seen) == len(snapshots) + 6


def test_no_time_and_no_order_stands_in_the_file(snapshots: list[Snapshot]) -> None:
    with zipfile.ZipFile(io.BytesIO(pack(snapshots))) as archive:
        for member in archive.infolist():
            assert member.date_time == (1980, 1, 1, 0, 0, 0)
            assert stat.S_IMODE(member.external_attr >> 16) == 0o600
            assert member.compress_type == zipfile.ZIP_STORED
        for name in ("receipts.txt", "codes.txt"):
            lines = archive.read(f"waves/carded/{name}").decode().splitlines()
            assert len(lines) >= 12
            assert lines == sorted(lines)
        comments = json.loads(archive.read("waves/carded/comments.json"))
        assert [c["id"] for c in comments] == sorted(c["id"] for c in comments)


def test_every_changed_byte_is_noticed(whole: bytes) -> None:
    chance = random.Random(4)
    regions = [*range(400), *range(0, len(whole), 23), *range(len(whole) - 900, len(whole))]
    for place in regions:
        broken = bytearray(whole)
        broken[place] ^= 1 << chance.randrange(8)
        assert judge(bytes(broken)) in {Code.ARCHIVE_DAMAGED, Code.ARCHIVE_FORMAT}, place


def test_a_file_that_was_cut_off_or_grew_is_noticed(whole: bytes) -> None:
    for size in (5, 100, len(whole) // 2, len(whole) - 65, len(whole) - 1):
        assert judge(whole[:size]) is Code.ARCHIVE_DAMAGED, size
    assert judge(whole + b"\0") is Code.ARCHIVE_DAMAGED
    assert judge(whole + whole) is Code.ARCHIVE_DAMAGED


def zipped(members: dict[str, bytes], method: int = zipfile.ZIP_STORED) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", method) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return stream.getvalue()


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"PK",
        b"%PDF-1.7",
        b"\xff" * 1000,
        zipped({"xl/workbook.xml": b"<x/>"}, zipfile.ZIP_DEFLATED),
        zipped({"manifest.json": b'{"format": "another"}'}),
        zipped({"manifest.json": b"[]"}),
    ],
)
def test_what_is_no_backup_is_called_so(raw: bytes) -> None:
    assert judge(raw) is Code.ARCHIVE_FORMAT


def seal(members: dict[str, bytes]) -> bytes:
    """Return a file of these members that is sealed as ours are."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        for name, content in members.items():
            archive.writestr(name, content)
        archive.comment = bytes(SEAL_BYTES)
    sealed = take_seal(stream)
    return stream.getvalue()[:-SEAL_BYTES] + sealed


def forge(
    whole: bytes, change: Callable[[dict[str, bytes]], object], *, rehash: bool = True
) -> bytes:
    """Return a backup with other members, with the seal and, if wanted, every hash made anew."""
    with zipfile.ZipFile(io.BytesIO(whole)) as archive:
        members = {name: archive.read(name) for name in archive.namelist()}
    change(members)
    if rehash:
        manifest = json.loads(members["manifest.json"])
        for wave in manifest["waves"]:
            for name in wave["sha256"]:
                content = members[f"waves/{wave['id']}/{name}"]
                wave["sha256"][name] = hashlib.sha256(content).hexdigest()
        members["manifest.json"] = json.dumps(manifest).encode()
    return seal(members)


def replace_in(members: dict[str, bytes], name: str, old: bytes, new: bytes) -> None:
    assert old in members[name]
    members[name] = members[name].replace(old, new)


@pytest.mark.parametrize("rehash", [True, False])
def test_an_honest_forgery_is_accepted(whole: bytes, rehash: bool) -> None:
    """So that the tests below refuse what they change, and nothing else."""
    archive = open_archive(io.BytesIO(forge(whole, len, rehash=rehash)), "b.zip")
    original = open_archive(io.BytesIO(whole), "b.zip")
    assert same(archive.snapshot("carded"), original.snapshot("carded"))


def test_a_backup_of_a_later_program_is_refused_as_such(whole: bytes) -> None:
    def change(members: dict[str, bytes]) -> None:
        replace_in(members, "manifest.json", b'"version": 1', b'"version": 2')
        members["something/new"] = b"?"

    assert judge(forge(whole, change)) is Code.ARCHIVE_VERSION


@pytest.mark.parametrize(
    "change",
    [
        lambda m: m.update({"../../etc/cron.d/x": b"evil"}),
        lambda m: m.update({"/etc/passwd": b"evil"}),
        lambda m: m.update({"waves/other/wave.json": b"{}"}),
        lambda m: m.pop("waves/carded/codes.txt"),
        lambda m: replace_in(m, "manifest.json", b'"carded"', b'"../x"'),
        lambda m: replace_in(m, "manifest.json", b'"carded"', b'"closed"'),
        lambda m: replace_in(m, "manifest.json", b'"carded"', b"7"),
        lambda m: replace_in(m, "manifest.json", b'"made_on"', b'"made"'),
        lambda m: replace_in(m, "manifest.json", b"2026-10-20", b"tomorrow"),
        lambda m: replace_in(m, "manifest.json", b'"answers": 12', b'"people": 12'),
        lambda m: replace_in(m, "manifest.json", b'"version": 1', b'"version": 0'),
        lambda m: replace_in(m, "manifest.json", b'"waves": [', b'"waves": [7,'),
        lambda m: replace_in(m, "manifest.json", b'"waves"', b'"wave"'),
        lambda m: m.update({"manifest.json": b"[" * 100_000}),
    ],
)
def test_a_manifest_that_does_not_fit_is_refused(
    whole: bytes, change: Callable[[dict[str, bytes]], None]
) -> None:
    assert judge(forge(whole, change, rehash=False)) is Code.ARCHIVE_DAMAGED


def test_a_packed_member_is_not_unpacked() -> None:
    later = b'{"format": "survey-service-backup", "version": 2' + b" " * (64 << 20) + b"}"
    bomb = zipped({"manifest.json": later}, zipfile.ZIP_DEFLATED)
    assert len(bomb) < 1 << 20
    assert judge(bomb) is Code.ARCHIVE_DAMAGED


@pytest.mark.parametrize(
    "change",
    [
        lambda m: m.update({"waves/carded/wave.json": b"{}"}),
        lambda m: m.update({"waves/carded/wave.json": b"[" * 100_000}),
        lambda m: m.update({"waves/carded/wave.json": m["waves/draft/wave.json"]}),
        lambda m: replace_in(m, "waves/carded/wave.json", b'"minutes":1', b'"minutes":2'),
        lambda m: replace_in(m, "waves/carded/wave.json", b'"roster":', b'"roster":7,"r":'),
        lambda m: m.update({"waves/carded/answers.bin": b"{}\n"}),
        lambda m: m.update({"waves/carded/answers.bin": m["waves/draft/answers.bin"]}),
        lambda m: m.update({"waves/carded/comments.json": b"[]"}),
        lambda m: m.update({"waves/carded/comments.json": b'[{"who": "me"}]'}),
        lambda m: m.update({"waves/carded/comments.json": b"[1]"}),
        lambda m: m.update({"waves/carded/receipts.txt": b"abc"}),
        lambda m: m.update({"waves/carded/codes.txt": b"abc\n"}),
        lambda m: m.update({"waves/carded/codes.txt": b"\xff\n"}),
        lambda m: replace_in(m, "waves/carded/codes.txt", b"\t1\n", b"\t0\n"),
        lambda m: replace_in(m, "waves/carded/codes.txt", b"\n", b"\t\n"),
    ],
)
def test_members_that_make_no_sense_are_refused_when_they_are_read(
    whole: bytes, change: Callable[[dict[str, bytes]], None]
) -> None:
    archive = open_archive(io.BytesIO(forge(whole, change)), "b.zip")
    with pytest.raises(SurveyError) as caught:
        archive.snapshot("carded")
    assert caught.value.code is Code.ARCHIVE_DAMAGED


def test_the_wave_that_is_damaged_is_named(whole: bytes) -> None:
    place = whole.index(b"waves/draft/wave.json") + 60
    broken = whole[:place] + bytes([whole[place] ^ 1]) + whole[place + 1 :]
    with pytest.raises(SurveyError) as caught:
        open_archive(io.BytesIO(broken), "b.zip")
    assert caught.value.faults[0].values == {"what": "waves/draft/wave.json"}


def test_a_member_that_is_not_that_of_the_manifest_is_named(whole: bytes) -> None:
    """Also where the zip's own checksum and the seal agree with it."""

    def change(members: dict[str, bytes]) -> None:
        replace_in(members, "waves/carded/codes.txt", b"\t1\n", b"\t0\n")

    with pytest.raises(SurveyError) as caught:
        open_archive(io.BytesIO(forge(whole, change, rehash=False)), "b.zip")
    assert caught.value.code is Code.ARCHIVE_DAMAGED
    assert caught.value.faults[0].values == {"what": "waves/carded/codes.txt"}


def test_a_file_that_changes_after_it_was_checked_is_noticed(whole: bytes) -> None:
    stream = io.BytesIO(whole)
    archive = open_archive(stream, "b.zip")
    stream.seek(whole.index(b"waves/carded/answers.bin") + 60)
    stream.write(b"?")
    with pytest.raises(SurveyError) as caught:
        archive.snapshot("carded")
    assert caught.value.code is Code.ARCHIVE_DAMAGED

"""A page that a whole shift opens at one moment is made small once."""

import gzip
import threading
from concurrent.futures import ThreadPoolExecutor

import pytest

from survey_service.web import delivery
from survey_service.web.delivery import Packed

TEXT = "问卷" * 5000


def test_whoever_comes_while_a_page_is_made_small_does_not_wait(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    begun, go, times = threading.Event(), threading.Event(), []

    def compress(plain: bytes) -> bytes:
        times.append(1)
        begun.set()
        assert go.wait(10)
        return gzip.compress(plain, 9)

    monkeypatch.setitem(delivery._THOROUGHLY, "gzip", compress)
    page = Packed(TEXT)
    with ThreadPoolExecutor(1) as pool:
        first = pool.submit(page.body, "gzip")
        assert begun.wait(10)
        others = [page.body("gzip") for _ in range(20)]
        go.set()
        thorough = first.result(10)
    assert {gzip.decompress(each).decode() for each in (*others, thorough)} == {TEXT}
    assert page.body("gzip") is thorough
    assert len(times) == 1
    assert len({id(each) for each in others}) == 1

"""Watches what a program does to one folder, step by step, and can stop it or fail it at any step.

The calls of ``os`` are watched; contents are compared before each of them, and the whole tree with
what the calls should have made of it, so that nothing can pass by unseen.
"""

import os
import stat
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from unittest import mock

from tests.faults.disk import ROOT, Made, Moved, Removed, Step, Synced, Written

SyncKind = str  # "file" or "folder"


class Stopped(BaseException):
    """The program was killed: from here on it does nothing to the disk any more."""


class Recorder:
    """The steps done to ``root``, an empty folder at the beginning.

    ``ignored`` names a kind of sync that is taken for not done, as if the program had left it out.
    ``fault`` is what happens instead of step ``fault_at``: ``Stopped``, or an ``OSError`` once.
    """

    def __init__(self, root: Path, ignored: SyncKind = "") -> None:
        self.root = root
        self.steps: list[Step] = []
        self.count = 0
        self.fault_at: int | None = None
        self.fault: BaseException = Stopped()
        self._is_stopped = False
        self._ignored = ignored
        self._lock = threading.RLock()
        self._nodes: dict[str, int] = {"": ROOT}
        self._newest = ROOT
        self._last: dict[int, bytes] = {}

    def restart(self) -> None:
        """Let a new process take the place of the one that was stopped."""
        self._is_stopped = False
        self.fault_at = None

    def settle(self) -> None:
        """Take note of what was written since the last step."""
        with self._lock:
            self._look()

    @contextmanager
    def watching(self) -> Iterator[None]:
        """Watch this process."""
        watched: dict[str, Callable[..., Any]] = {
            "open": self._open,
            "fsync": self._fsync,
            "mkdir": self._mkdir,
            "rename": self._move,
            "replace": self._move,
            "unlink": self._remove,
            "remove": self._remove,
            "rmdir": self._remove,
        }
        bound = {name: _bind(watch, getattr(os, name)) for name, watch in watched.items()}
        with mock.patch.dict(vars(os), bound):
            yield

    def _open(
        self, call: Callable[..., int], path: Any, flags: int, *more: Any, **named: Any
    ) -> int:
        place = self._place(path, named.get("dir_fd"))
        if place is None or not flags & os.O_CREAT or place in self._nodes:
            return call(path, flags, *more, **named)
        with self._lock:
            self._begin()
            descriptor = call(path, flags, *more, **named)
            self._make(place, is_folder=False)
            return descriptor

    def _fsync(self, call: Callable[[int], None], descriptor: int) -> None:
        place = self._place(Path(f"/proc/self/fd/{descriptor}").readlink(), None)
        if place is None:
            return call(descriptor)
        with self._lock:
            self._begin()
            call(descriptor)
            kind = "folder" if stat.S_ISDIR(os.fstat(descriptor).st_mode) else "file"
            if kind != self._ignored and place in self._nodes:
                self.steps.append(Synced(self._nodes[place]))
        return None

    def _mkdir(self, call: Callable[..., None], path: Any, *more: Any, **named: Any) -> None:
        place = self._place(path, named.get("dir_fd"))
        if place is None:
            return call(path, *more, **named)
        with self._lock:
            self._begin()
            call(path, *more, **named)
            self._make(place, is_folder=True)
        return None

    def _move(self, call: Callable[..., None], source: Any, target: Any) -> None:
        here, there = self._place(source, None), self._place(target, None)
        if here is None or there is None:
            return call(source, target)
        folder, name = _split(here)
        above, wanted = _split(there)
        assert folder == above, "this store moves files within one folder only"
        with self._lock:
            self._begin()
            call(source, target)
            self._forget(there)
            for path in [p for p in self._nodes if p == here or p.startswith(f"{here}/")]:
                self._nodes[there + path[len(here) :]] = self._nodes.pop(path)
            self.steps.append(Moved(self._nodes[folder], name, wanted, self._nodes[there]))
        return None

    def _remove(self, call: Callable[..., None], path: Any, *more: Any, **named: Any) -> None:
        place = self._place(path, named.get("dir_fd"))
        if place is None:
            return call(path, *more, **named)
        folder, name = _split(place)
        with self._lock:
            self._begin()
            call(path, *more, **named)
            self._forget(place)
            self.steps.append(Removed(self._nodes[folder], name))
        return None

    def _begin(self) -> None:
        """Take note of writes, then count one more step or fail instead."""
        if self._is_stopped:
            raise Stopped
        self._look()
        self.count += 1
        if self.fault_at == self.count:
            self._is_stopped = isinstance(self.fault, Stopped)
            raise self.fault

    def _look(self) -> None:
        found = set(self._look_into(self.root, ""))
        assert found == set(self._nodes) - {""}, "something went past the watched calls"

    def _look_into(self, folder: Path, above: str) -> Iterator[str]:
        for entry in list(os.scandir(folder)):
            place = f"{above}{entry.name}"
            yield place
            if entry.is_dir():
                yield from self._look_into(Path(entry.path), f"{place}/")
            elif place in self._nodes:
                node, content = self._nodes[place], Path(entry.path).read_bytes()
                if content != self._last.get(node, b""):
                    self._last[node] = content
                    self.steps.append(Written(node, content))

    def _make(self, place: str, *, is_folder: bool) -> None:
        folder, name = _split(place)
        self._newest += 1
        self._nodes[place] = self._newest
        self.steps.append(Made(self._nodes[folder], name, self._newest, is_folder))

    def _forget(self, place: str) -> None:
        self._nodes.pop(place, None)

    def _place(self, path: Any, folder: int | None) -> str | None:
        """Return the path below the root, None if it is elsewhere."""
        text = os.fsdecode(path)
        if folder is not None:
            text = str(Path(f"/proc/self/fd/{folder}").readlink() / text)
        relative = os.path.relpath(text, self.root)
        if relative == ".":
            return ""
        return None if relative.startswith("..") else relative


def _bind(watch: Callable[..., Any], original: Callable[..., Any]) -> Callable[..., Any]:
    return lambda *values, **named: watch(original, *values, **named)


def _split(place: str) -> tuple[str, str]:
    folder, _, name = place.rpartition("/")
    return folder, name

"""A wire between the store and the database that can be cut after any byte, or before any word."""

import contextlib
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from enum import Enum


class Way(Enum):
    """Which way bytes travel."""

    REQUEST = "request"
    REPLY = "reply"


@dataclass
class Wire:
    """Passes everything on to the socket at ``path``; ``cut_after`` so many bytes of one way, once."""

    path: str
    port: int = 0
    passed: dict[Way, int] = field(default_factory=lambda: dict.fromkeys(Way, 0))
    _left: dict[Way, int] = field(default_factory=dict)
    _word: bytes = b""
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def cut_after(self, count: int, way: Way) -> None:
        """Let so many bytes more pass that way, then close both ends of that connection."""
        with self._lock:
            self._left[way] = count

    def cut_before(self, word: bytes) -> None:
        """Close both ends of the connection whose database is about to say a word, once."""
        with self._lock:
            self._word = word

    def mend(self) -> bool:
        """Cut nothing any more; return whether there was nothing left to be cut."""
        with self._lock:
            was_done = not self._left and not self._word
            self._left.clear()
            self._word = b""
            return was_done

    def carry(self, phone: socket.socket) -> None:
        """Carry the bytes of one connection until an end closes or it is cut."""
        with contextlib.closing(phone), socket.socket(socket.AF_UNIX) as database:
            try:
                database.connect(self.path)
            except OSError:
                return
            back = threading.Thread(target=self._pump, args=(database, phone, Way.REPLY))
            back.start()
            self._pump(phone, database, Way.REQUEST)
            back.join()

    def _pump(self, source: socket.socket, target: socket.socket, way: Way) -> None:
        with contextlib.suppress(OSError):
            while data := source.recv(65536):
                allowed, is_cut = self._allow(data, way)
                target.sendall(data[:allowed])
                if is_cut:
                    break
        for end in (source, target):
            with contextlib.suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)

    def _allow(self, data: bytes, way: Way) -> tuple[int, bool]:
        """Return how many of some bytes may pass, and whether the connection ends with them."""
        count = len(data)
        with self._lock:
            if self._word and way is Way.REPLY and self._word in data:
                allowed, self._word = data.index(self._word), b""
                return allowed, True
            allowed = min(count, self._left.get(way, count))
            self.passed[way] += allowed
            if way in self._left:
                self._left[way] -= allowed
                if self._left[way] <= 0:
                    self._left.clear()
                    return allowed, True
            return allowed, False


@contextmanager
def lay_wire(path: str) -> Iterator[Wire]:
    """Lay a wire to a socket of this machine; its near end is a TCP port."""
    wire = Wire(path)
    with socket.create_server(("127.0.0.1", 0)) as door:
        wire.port = door.getsockname()[1]
        threads: list[threading.Thread] = []

        def answer() -> None:
            with contextlib.suppress(OSError):
                while True:
                    phone, _ = door.accept()
                    threads.append(threading.Thread(target=wire.carry, args=(phone,)))
                    threads[-1].start()

        doorman = threading.Thread(target=answer)
        doorman.start()
        try:
            yield wire
        finally:
            door.shutdown(socket.SHUT_RDWR)
            doorman.join()
            for thread in threads:
                thread.join(timeout=10)

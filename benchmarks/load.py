"""A load generator that costs little: prepared requests over kept-alive connections of one thread."""

import secrets
import selectors
import socket
import time
from collections import Counter, deque
from collections.abc import Iterator
from dataclasses import dataclass, field

import numpy as np

_LARGEST_REPLY = 65536


@dataclass
class Outcome:
    """What came back: how many of each status, and how long each answer took in seconds."""

    statuses: Counter[int] = field(default_factory=Counter)
    seconds: dict[int, list[float]] = field(default_factory=dict)
    duration: float = 0.0

    def rate(self, status: int = 201) -> float:
        """Return answers of one status per second."""
        return self.statuses[status] / self.duration

    def quantile(self, share: float, status: int = 201) -> float:
        """Return a quantile of the times to answer, in milliseconds."""
        times = self.seconds.get(status)
        return float("nan") if not times else 1000 * float(np.quantile(times, share))


class _Client:
    """One connection: a request out, its answer in, the next one."""

    def __init__(self, port: int) -> None:
        self.socket = socket.create_connection(("127.0.0.1", port))
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.socket.setblocking(False)
        self.received = b""
        self.sent_at = 0.0
        self.is_idle = True

    def send(self, request: bytes) -> None:
        self.sent_at = time.perf_counter()
        self.received = b""
        self.is_idle = False
        self.socket.sendall(request)

    def receive(self) -> int | None:
        """Return the status once the whole answer is in."""
        self.received += self.socket.recv(_LARGEST_REPLY)
        head, found, body = self.received.partition(b"\r\n\r\n")
        if not found:
            return None
        length = int(head.lower().split(b"content-length:")[1].split(b"\r\n")[0])
        if len(body) < length:
            return None
        self.is_idle = True
        return int(head[9:12])


def fire(
    port: int, requests: Iterator[bytes], clients: int, seconds: float, rate: float | None = None
) -> Outcome:
    """Send requests for some seconds: as fast as answers come, or at a fixed rate if one is given.

    At a fixed rate the time to answer counts from when a request was due, so that a server that
    falls behind cannot hide it.
    """
    outcome = Outcome()
    pool = [_Client(port) for _ in range(clients)]
    selector = selectors.DefaultSelector()
    for client in pool:
        selector.register(client.socket, selectors.EVENT_READ, client)
    start = time.perf_counter()
    end, due = start + seconds, start
    idle = deque(pool)  # in turn, for a server closes what is idle for long
    while True:
        now = time.perf_counter()
        while idle and now < end and (rate is None or due <= now):
            client = idle.popleft()
            client.send(next(requests))
            if rate is not None:
                client.sent_at = due
                due += 1 / rate
        if now >= end and len(idle) == len(pool):
            break
        wait = 1.0 if rate is None or not idle or now >= end else max(0.0, due - now)
        for key, _ in selector.select(wait):
            client = key.data
            status = client.receive()
            if status is not None:
                outcome.statuses[status] += 1
                took = time.perf_counter() - client.sent_at
                outcome.seconds.setdefault(status, []).append(took)
                idle.append(client)
    outcome.duration = time.perf_counter() - start
    for client in pool:
        client.socket.close()
    return outcome


def submissions(path: str, answers: str) -> Iterator[bytes]:
    """Yield requests that hand in the same answers under ever new submission ids."""
    body = b'{"submission":"%s","pace":"ok","answers":' + answers.encode() + b"}"
    while True:
        content = body % secrets.token_hex(16).encode()
        head = (
            f"POST {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\n"
            f"Content-Length: {len(content)}\r\n\r\n"
        )
        yield head.encode() + content


def journeys(paths: list[str], handing_in: Iterator[bytes]) -> Iterator[bytes]:
    """Yield what a phone asks for, one after the other: some pages, then a submission."""
    while True:
        for path in paths:
            yield (
                f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nAccept-Encoding: gzip\r\n\r\n"
            ).encode()
        yield next(handing_in)

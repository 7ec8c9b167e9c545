"""Faults that begin and end while a server runs."""

import errno
import itertools
import os
import random
import resource
import subprocess
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, suppress
from pathlib import Path

import psutil

Strike = Callable[[psutil.Process], AbstractContextManager[None]]


@contextmanager
def mounted(kind: str, options: str) -> Iterator[Path]:
    """Yield the folder of a small disk: a tmpfs with these options, or an ext4 of so many MB."""
    folder = Path(tempfile.mkdtemp())
    image = folder.with_suffix(".ext4")
    if kind == "ext4":
        with image.open("wb") as stream:
            stream.truncate(int(options) << 20)
        subprocess.run(["mkfs.ext4", "-q", str(image)], check=True)
        command = ["mount", "-o", "loop", str(image), str(folder)]
    else:
        command = ["mount", "-t", kind, "-o", options, kind, str(folder)]
    try:
        subprocess.run(command, check=True)
        yield folder
    finally:
        # lazily: a server that was killed may hold files for a moment longer
        subprocess.run(["umount", "--lazy", str(folder)], check=False, capture_output=True)
        image.unlink(missing_ok=True)
        folder.rmdir()


@contextmanager
def traced(process: psutil.Process, injection: str) -> Iterator[None]:
    """Tamper with system calls of a running process, as ``strace -e inject=`` writes it."""
    command = ["strace", "-f", "-qq", "-o", "/dev/null", "-p", str(process.pid)]
    call = injection.partition(":")[0]
    tracer = subprocess.Popen(
        [*command, "-e", f"trace={call}", "-e", f"inject={injection}"],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        while any(_tracer(path) == "0" for path in Path(f"/proc/{process.pid}/task").iterdir()):
            assert tracer.poll() is None, "strace did not start"
            time.sleep(0.005)
        yield
    finally:
        tracer.terminate()
        try:
            tracer.wait(timeout=2)
        except subprocess.TimeoutExpired:  # it waits for a process that was killed
            tracer.kill()
            tracer.wait()


def _tracer(thread: Path) -> str:
    with suppress(OSError):
        return (thread / "status").read_text().partition("TracerPid:\t")[2].partition("\n")[0]
    return "gone"


def injecting(injection: str) -> Strike:
    """Return a strike that tampers with system calls."""
    return lambda process: traced(process, injection)


@contextmanager
def no_descriptors(process: psutil.Process) -> Iterator[None]:
    """Let a process open no file more than it has open."""
    before = resource.prlimit(process.pid, resource.RLIMIT_NOFILE)
    resource.prlimit(process.pid, resource.RLIMIT_NOFILE, (3, before[1]))
    try:
        yield
    finally:
        resource.prlimit(process.pid, resource.RLIMIT_NOFILE, before)


def full(folder: Path) -> Strike:
    """Return a strike that leaves no free block on the disk of a folder."""
    ballast = folder / "ballast"

    def fill() -> None:
        descriptor = os.open(ballast, os.O_WRONLY | os.O_CREAT | os.O_APPEND)
        try:
            while True:
                os.write(descriptor, bytes(4096))
        finally:
            os.close(descriptor)

    return lambda _: _filled(fill, ballast.unlink)


def crowded(folder: Path) -> Strike:
    """Return a strike that leaves no free inode on the disk of a folder."""
    ballast = folder / "ballast"
    numbers = itertools.count()

    def fill() -> None:
        ballast.mkdir(exist_ok=True)
        while True:
            (ballast / str(next(numbers))).touch()

    def clear() -> None:
        for path in ballast.iterdir():
            path.unlink()

    return lambda _: _filled(fill, clear)


@contextmanager
def _filled(fill: Callable[[], None], clear: Callable[[], None]) -> Iterator[None]:
    over = threading.Event()

    def go_on() -> None:
        while not over.wait(0.005):
            try:
                fill()
            except OSError as error:
                if error.errno != errno.ENOSPC:
                    raise

    thread = threading.Thread(target=go_on)
    thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join()
        clear()


def read_only(folder: Path) -> Strike:
    """Return a strike that lets nobody write to the disk of a folder."""

    @contextmanager
    def strike(process: psutil.Process) -> Iterator[None]:
        _remount(folder, "ro", process)
        try:
            yield
        finally:
            _remount(folder, "rw", process)

    return strike


def _remount(folder: Path, how: str, process: psutil.Process) -> None:
    """Mount a disk in another way; it refuses while a file is open, so catch a moment between two."""
    command = ["mount", "-o", f"remount,{how}", str(folder)]
    deadline = time.monotonic() + 20
    while True:
        process.suspend()
        try:
            is_refused = subprocess.run(command, check=False, capture_output=True).returncode
        finally:
            process.resume()
        if not is_refused:
            return
        assert time.monotonic() < deadline, f"remount,{how} is refused"
        time.sleep(random.uniform(0.001, 0.02))

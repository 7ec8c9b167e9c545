"""What some faults need: root, a program. Where it is missing, the test says so loudly.

``SURVEY_REQUIRE_FAULTS=1`` makes that a failure: for machines that have it all.
"""

import os
import shutil
import subprocess
import sys
import tempfile
from functools import cache
from pathlib import Path

import pytest


def require(*programs: str, mounting: bool = False) -> None:
    """Skip the test loudly unless the programs are there and, if need be, a disk can be mounted."""
    missing = [each for each in programs if shutil.which(each) is None]
    if "strace" in programs and not missing and not _can_trace():
        missing.append("permission to trace a process")
    if mounting and not _can_mount():
        missing.append("permission to mount a tmpfs")
    if not missing:
        return
    reason = f"FAULT NOT TRIED: {', '.join(missing)} missing"
    sys.stderr.write(f"\n{reason}\n")
    if os.environ.get("SURVEY_REQUIRE_FAULTS") == "1":
        pytest.fail(reason)
    pytest.skip(reason)


@cache
def _can_mount() -> bool:
    folder = Path(tempfile.mkdtemp())
    command = ["mount", "-t", "tmpfs", "-o", "size=64k", "tmpfs", str(folder)]
    if subprocess.run(command, check=False, capture_output=True).returncode == 0:
        subprocess.run(["umount", str(folder)], check=True)
        folder.rmdir()
        return True
    folder.rmdir()
    return False


@cache
def _can_trace() -> bool:
    command = ["strace", "-qq", "-o", "/dev/null", "-e", "inject=fsync:error=EIO", "true"]
    return subprocess.run(command, check=False, capture_output=True).returncode == 0

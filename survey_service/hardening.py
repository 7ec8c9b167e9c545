"""What a process that holds answers must not do: run as a debugger, or leave its memory on a disk."""

import ctypes
import os
import sys
from collections.abc import Mapping

from survey_service.errors import Code, SurveyError

_DEBUGGING = ("FLASK_DEBUG", "PYTHONDEVMODE", "PYTHONINSPECT", "PYTHONFAULTHANDLER")
_OFF = frozenset({"", "0", "false", "no", "off"})
_SET_DUMPABLE = 4  # PR_SET_DUMPABLE, see prctl(2)


def refuse_debugging(environment: Mapping[str, str] = os.environ) -> None:
    """Raise ``server_debug`` if a variable or an option of Python asks for a debugger.

    A debugger shows code and values of a request to whoever causes an error.
    """
    found = [name for name in _DEBUGGING if environment.get(name, "").lower() not in _OFF]
    if environment.get("FLASK_ENV", "").lower() == "development":
        found.append("FLASK_ENV")
    if sys.flags.dev_mode or sys.flags.inspect:
        found.append("python -X dev, -i")
    if found:
        raise SurveyError(Code.SERVER_DEBUG, what=found[0])


def forbid_core_dumps() -> None:
    """Let no crash write the memory of this process and its children, and so answers, to a disk.

    Linux hands a dump to a program without asking for the limit, so there the process is also
    marked as not dumpable; Windows writes none unless an administrator has set that up.
    """
    if sys.platform == "win32":
        return
    import resource  # noqa: PLC0415 - POSIX only

    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_SET_DUMPABLE, 0, 0, 0, 0)

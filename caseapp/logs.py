"""Logs as JSON lines on standard error, without personal data.

What a program of ours says is written as it says it: it names no person. What a library says is written
without its values, and an exception without its words, for both may hold what somebody typed. Where it
happened, and in which request, is always there.
"""

import json
import logging
import re
import traceback
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from types import TracebackType
from typing import Any

from caseapp.web.request_log import about_request

OURS = "caseapp"
MOST_FRAMES = 30
_VALUE = re.compile(r"""(['"`]).*?\1|/\S*""")

AboutRequest = Callable[[], Mapping[str, Any]]


def set_up(level: str = "warning") -> None:
    """Let everything that is logged go to standard error, one JSON object a line."""
    handler = logging.StreamHandler()
    handler.setFormatter(JsonLines(about_request))
    logging.basicConfig(level=logging.WARNING, handlers=[handler], force=True)
    logging.getLogger(OURS).setLevel(level.upper())
    # Says so of every request that waits a moment for a thread.
    logging.getLogger("waitress.queue").setLevel(logging.ERROR)


class JsonLines(logging.Formatter):
    """One JSON object a record; `about` tells of the request under way, empty where there is none."""

    def __init__(self, about: AboutRequest) -> None:
        super().__init__()
        self._about = about

    def format(self, record: logging.LogRecord) -> str:
        line: dict[str, Any] = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": message_of(record),
            "where": f"{record.module}:{record.lineno}",
            **self._about(),
            **getattr(record, "fields", {}),
        }
        if record.exc_info and record.exc_info[1] is not None:
            line["exception"] = _exception(record.exc_info[1])
        return json.dumps(line, ensure_ascii=False, default=str)


def message_of(record: logging.LogRecord) -> str:
    """What is said; of a library without the values that it puts in, or has put in."""
    if record.name.split(".")[0] == OURS:
        return record.getMessage()
    return str(record.msg) if record.args else _VALUE.sub("…", str(record.msg))


def _exception(error: BaseException) -> list[dict[str, Any]]:
    """Each exception of the chain, the last first: what kind, and where it passed, without its words."""
    told = []
    seen: set[int] = set()
    found: BaseException | None = error
    while found is not None and id(found) not in seen:
        seen.add(id(found))
        told.append({"type": type(found).__qualname__, "frames": _frames(found.__traceback__)})
        found = found.__cause__ or (None if found.__suppress_context__ else found.__context__)
    return told


def _frames(passed: TracebackType | None) -> list[str]:
    """file.py:12 function, the innermost last."""
    frames = traceback.extract_tb(passed)[-MOST_FRAMES:]
    return [f"{frame.filename}:{frame.lineno} {frame.name}" for frame in frames]

"""An archive of the record: one JSON object a line, so that it is read for as long as it is kept.

First what it is and behind which seal it begins, then each seal with the events that it covers after it, and
last where it ends, so that a file that was cut off can be told from a whole one.
"""

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, TextIO

from caseapp.domain.seal import Row, Seal, Stream, canonical, plain
from caseapp.formats.problem import Problem, UnreadableFileError

FORMAT = "caseapp audit archive 1"
LONGEST_LINE = 10_000_000


@dataclass(frozen=True, slots=True)
class ArchiveHead:
    """Behind which seal it begins: its number and hash, and how far each stream had come."""

    number: int
    hash: str
    reached: dict[Stream, int]


Sealed = Iterable[tuple[Seal, Iterable[Row]]]


def write_archive(stream: TextIO, head: ArchiveHead, sealed: Sealed) -> None:
    _line(stream, {"format": FORMAT, "number": head.number, "hash": head.hash, "reached": head.reached})
    number, last = head.number, head.hash
    for seal, rows in sealed:
        values = {name: getattr(seal, name) for name in Seal.__slots__} | {"digests": seal.digests.hex()}
        _line(stream, {"seal": plain(values)})
        for row in rows:
            _line(stream, {"event": plain(row)})
        number, last = seal.number, seal.hash
    _line(stream, {"end": number, "hash": last})


def _line(stream: TextIO, values: Mapping[str, Any]) -> None:
    stream.write(canonical(values).decode("ascii") + "\n")


class ArchiveReader:
    """Reads an archive once, from its first line to its last. Raises UnreadableFileError as it goes."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.end = -1
        """The number of the last seal, as the last line has it; known once all seals were read."""
        self._lines = self._read()
        head = self._next()
        try:
            if head["format"] != FORMAT:
                raise self._broken()
            reached = {stream: int(last) for stream, last in head["reached"].items()}
            self.head = ArchiveHead(int(head["number"]), str(head["hash"]), reached)
        except (KeyError, TypeError, ValueError, AttributeError) as error:
            raise self._broken() from error

    def sealed(self) -> Iterator[tuple[Seal, list[Row]]]:
        line = self._next()
        while "seal" in line:
            try:
                seal = _seal(line["seal"])
            except (KeyError, TypeError, ValueError) as error:
                raise self._broken() from error
            rows: list[Row] = []
            line = self._next()
            while isinstance(line.get("event"), dict) and isinstance(line["event"].get("id"), int):
                rows.append(line["event"])
                line = self._next()
            yield seal, rows
        if not isinstance(line.get("end"), int):
            raise self._broken()
        self.end = int(line["end"])

    def _next(self) -> dict[str, Any]:
        try:
            return next(self._lines)
        except StopIteration as error:
            raise self._broken("The end of the archive is missing.") from error

    def _read(self) -> Iterator[dict[str, Any]]:
        try:
            with self.path.open(encoding="ascii", newline="\n") as stream:
                while text := stream.readline(LONGEST_LINE):
                    line = json.loads(text)
                    if not isinstance(line, dict):
                        raise self._broken()
                    yield line
        except ValueError as error:
            raise self._broken() from error
        except OSError as error:
            raise self._broken(f"Cannot be read: {error.strerror or error}.") from error

    def _broken(self, sentence: str = "Is no archive of the record.") -> UnreadableFileError:
        return UnreadableFileError(Problem(str(self.path), sentence))


def _seal(values: Mapping[str, Any]) -> Seal:
    instants = {name: datetime.fromisoformat(values[name]) for name in ("at", "last_at")}
    digests = {"digests": bytes.fromhex(values["digests"])}
    return Seal(**{**values, **instants, **digests})

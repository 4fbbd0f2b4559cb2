"""A folder of practice files as it is written: whole files or none, and never over what is not ours."""

import secrets
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Any

from caseapp.formats.csv_writer import CsvWriter
from caseapp.formats.practice_files import PracticeTable
from caseapp.formats.problem import Problem, UnreadableFileError


def write_folder(
    folder: Path,
    tables: Sequence[PracticeTable],
    rows_of: Callable[[PracticeTable], Iterable[Sequence[Any]]],
) -> None:
    """Write one CSV file for each table. UnreadableFileError where the folder holds anything but such files.

    Files are written aside and renamed when all are complete, so that a reader never sees half of one.
    """
    names = {table.name: f"{table.name}.csv" for table in tables}
    _refuse_foreign(folder, set(names.values()))
    token = secrets.token_hex(8)
    aside: dict[Path, Path] = {}
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        for table in tables:
            path = folder / names[table.name]
            aside[path] = folder / f".{path.name}-{token}"
            aside[path].touch(mode=0o600, exist_ok=False)
            with aside[path].open("w", encoding="utf-8", newline="") as stream:
                CsvWriter(stream, table).write(rows_of(table))
        for path, written in aside.items():
            written.replace(path)
    except OSError as error:
        sentence = f"Cannot be written: {error.strerror or error}."
        raise UnreadableFileError(Problem(str(folder), sentence)) from error
    finally:
        for written in aside.values():
            written.unlink(missing_ok=True)


def _refuse_foreign(folder: Path, names: set[str]) -> None:
    try:
        if not folder.exists():
            return
        if not folder.is_dir():
            raise UnreadableFileError(Problem(str(folder), "Is a file, not a folder."))
        foreign = sorted(entry.name for entry in folder.iterdir() if entry.name not in names)
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise UnreadableFileError(Problem(str(folder), f"Cannot be read: {reason}.")) from error
    if foreign:
        sentence = f"Holds {foreign[0]}, which is no export: name a new or an empty folder."
        raise UnreadableFileError(Problem(str(folder), sentence))

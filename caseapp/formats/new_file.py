"""A new file that is there whole and on the disk, or not at all, and never over another."""

import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TextIO

from caseapp.formats.problem import Problem, UnreadableFileError


@contextmanager
def new_file(path: Path) -> Iterator[TextIO]:
    """UTF-8, for its owner alone. UnreadableFileError where one is there, or it cannot be written."""
    aside = path.with_name(f".{path.name}-{secrets.token_hex(8)}")
    try:
        if path.exists():
            raise UnreadableFileError(Problem(str(path), "Is there already: name a new file."))
        aside.touch(mode=0o600, exist_ok=False)
        with aside.open("w", encoding="utf-8", newline="") as stream:
            yield stream
            stream.flush()
            os.fsync(stream.fileno())
        aside.rename(path)
    except OSError as error:
        sentence = f"Cannot be written: {error.strerror or error}."
        raise UnreadableFileError(Problem(str(path), sentence)) from error
    finally:
        aside.unlink(missing_ok=True)

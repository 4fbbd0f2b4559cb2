"""Random work with practice files: an export in which somebody changed a few cells comes back in."""

import csv
import random
from collections.abc import Sequence
from datetime import date, timedelta
from pathlib import Path

from sqlalchemy.orm import Session

from tests.usecases.importing import write_out

# What names a row, or leads to another one, is taken from other rows; it would else be refused mostly.
_MOST_ROWS = 3


def changed_export(session: Session, folder: Path, chance: random.Random) -> Path:
    """The practice as it stands, but for a few cells of one file; its other files stay away."""
    write_out(session, folder)
    name = chance.choice(sorted(path.name for path in folder.iterdir()))
    for path in folder.iterdir():
        if path.name != name:
            path.unlink()
    with (folder / name).open(newline="", encoding="utf-8") as file:
        heading, *rows = list(csv.reader(file))
    for _ in range(_MOST_ROWS if rows else 0):
        row = chance.choice(rows)
        place = chance.randrange(len(heading))
        row[place] = _cell(row[place], place, rows, chance)
    with (folder / name).open("w", newline="", encoding="utf-8") as file:
        csv.writer(file, lineterminator="\n").writerows([heading, *rows])
    return folder


def _cell(text: str, place: int, rows: Sequence[Sequence[str]], chance: random.Random) -> str:
    """The cell of another row, a day or two beside its own, or nothing."""
    way = chance.randrange(4)
    if way == 0:
        return ""
    try:
        day = date.fromisoformat(text[:10])
    except ValueError:
        return chance.choice(rows)[place]
    if way == 1:
        return chance.choice(rows)[place]
    moved = day + timedelta(days=chance.choice((-60, -14, -1, 1, 14, 60)))
    return moved.isoformat() + text[10:]

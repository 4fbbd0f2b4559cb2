"""What every command over a practice's data shares: the option --data, and the practice that it opens."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

import click
from click.exceptions import Exit
from sqlalchemy.orm import Session

from caseapp import clock
from caseapp.config import Settings
from caseapp.data_folder import PracticeUnavailable
from caseapp.practices import new_database, opened

data_option = click.option(
    "--data",
    metavar="DIR",
    type=click.Path(path_type=Path),
    help="The data folder. Default: CASEAPP_DATA_DIR, else `data` in the checkout.",
)


@dataclass(frozen=True, slots=True)
class OpenPractice:
    """A practice that a command works on. `now` is an aware instant in UTC, `today` the practice's day."""

    session: Session
    settings: Settings
    now: datetime
    today: date


@contextmanager
def open_practice(data: Path | None, *, create: bool = False, keep: bool = True) -> Iterator[OpenPractice]:
    """The practice of the data folder, migrated to this version. Nothing is committed here.

    Where the folder holds none: with `create` an empty one is made for the block, and stays there if `keep`
    and the block ends without an error (an exit status of 1 is none); else PracticeUnavailable is raised.
    """
    settings = Settings.from_env(data_dir=data)
    path = settings.database_file
    if path is None or path.exists():
        with _opened(settings) as practice:
            yield practice
        return
    if not create:
        raise PracticeUnavailable(
            f"There is no practice in {path.parent}: bring one in with `caseapp import`, or name its folder "
            "with --data."
        )
    attention: Exit | None = None
    with new_database(settings, path, keep=keep) as unfinished, _opened(unfinished) as practice:
        try:
            yield practice
        except Exit as ended:
            if ended.exit_code > 1:
                raise
            attention = ended
    if attention is not None:
        raise attention


@contextmanager
def _opened(settings: Settings) -> Iterator[OpenPractice]:
    with opened(settings) as session:
        yield OpenPractice(session, settings, clock.now(settings), clock.today(settings))

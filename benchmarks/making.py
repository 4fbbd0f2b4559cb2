"""Makes a practice once, through the practice files and the import that users have; kept for the next run."""

import json
import shutil
import time
from dataclasses import asdict, dataclass
from pathlib import Path

from sqlalchemy.orm import Session

from benchmarks.practice import NOW, TODAY, ZONE, write_practice
from caseapp.config import Settings
from caseapp.domain.actor import LOCAL_USER
from caseapp.domain.practice import Practice
from caseapp.formats.practice_source import find_practice
from caseapp.practices import opened, settle_memory
from caseapp.usecases.coverage_gap import refresh_all_due
from caseapp.usecases.import_practice import import_practice
from caseapp.usecases.import_practice_report import ImportReport

SECRET_KEY = "benchmarks keep no secret, and this is long enough"
PRACTICE = Practice(ZONE)


@dataclass(frozen=True, slots=True)
class Made:
    """A practice on disk. `rows` were imported in `cpu` and `wall` seconds into `size` bytes."""

    clients: int
    folder: str
    rows: int
    cpu: float
    wall: float
    size: int


def settings_of(folder: Path) -> Settings:
    """The practice whose database lies in `folder`, at the moment for which it was made."""
    return Settings.from_env({}, data_dir=folder, secret_key=SECRET_KEY, now=NOW, zone=ZONE)


def make(root: Path, clients: int) -> Made:
    """The practice of so many clients below `root`; imported if it is not there yet."""
    folder = root / f"practice-{clients}"
    told = folder / "made.json"
    if told.exists():
        return Made(**json.loads(told.read_text(encoding="utf-8")))
    shutil.rmtree(folder, ignore_errors=True)
    files = folder / "files"
    write_practice(files, clients)
    settings = settings_of(folder)
    cpu, wall = time.process_time(), time.perf_counter()
    with opened(settings) as session:
        report = bring_in(session, files)
    cpu, wall = time.process_time() - cpu, time.perf_counter() - wall
    assert settings.database_file is not None
    size = settings.database_file.stat().st_size
    made = Made(clients, str(folder), report.written, cpu, wall, size)
    told.write_text(json.dumps(asdict(made)), encoding="utf-8")
    return made


def bring_in(session: Session, files: Path) -> ImportReport:
    """Import the practice files as the command does, with the coverage of all clients."""
    settle_memory()
    source = find_practice(files, ZONE)
    report = import_practice(session, LOCAL_USER, NOW, PRACTICE, source, files.name)
    refresh_all_due(session, TODAY, PRACTICE)
    if report.refused:
        raise RuntimeError(f"the import refused {report.refused} rows: {report.problems[:3]}")
    return report


def copied(made: Made, name: str) -> Path:
    """A folder with a copy of the practice's database, to write into."""
    folder = Path(made.folder) / name
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    shutil.copyfile(Path(made.folder) / "caseapp.db", folder / "caseapp.db")
    return folder

"""`caseapp audit`: sealed, verified with the first harm named, moved out and still verified."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import delete, update
from sqlalchemy.orm import Session

from caseapp.config import DATABASE_NAME
from caseapp.models import AuditEvent
from caseapp.models.engine import make_engine
from tests.cli.commands import Commands
from tests.unguarded import unguarded
from tests.usecases.sealing import put_down

OLD = datetime(2019, 5, 6, 12, tzinfo=UTC)


@pytest.fixture
def kept(caseapp: Commands) -> Commands:
    """A practice with three old changes and three old access events, and two new ones."""
    caseapp("users", "add", "dana", "--role", "office")
    with database(caseapp) as session:
        put_down(session, at=OLD)
        put_down(session, 1, 1)
    return caseapp


@contextmanager
def database(run: Commands) -> Iterator[Session]:
    engine = make_engine(f"sqlite:///{run.data / DATABASE_NAME}")
    with Session(engine) as session:
        yield session
    engine.dispose()


def test_what_is_new_is_sealed_and_found_sound(kept: Commands) -> None:
    before = kept("audit", "verify")
    assert before.exit_code == 0
    assert before.output.startswith(
        "Nothing is sealed yet. 10 events are not sealed yet, since 2019-05-06T12:"
    )
    assert before.output.endswith(": nothing proves them until they are.\n")
    done = kept("audit", "seal")
    assert (done.exit_code, done.output.splitlines()[0]) == (0, "Sealed 10 events in 2 seals.")
    assert kept("audit", "seal").output.startswith("Nothing is new since the last seal.")
    known = done.output.split()[-1].rstrip(".")
    sound = kept("audit", "verify", "--seal", known)
    assert sound.exit_code == 0
    assert sound.output.startswith("All 10 sealed events are as they were, under 2 seals.")
    other = kept("audit", "verify", "--seal", "0" * 63 + "1")
    assert (other.exit_code, other.stderr[:16]) == (1, "No seal has that")


def test_an_altered_event_is_named(kept: Commands) -> None:
    kept("audit", "seal")
    with database(kept) as session, unguarded(session):
        session.execute(update(AuditEvent).where(AuditEvent.id == 3).values(actor="Bo Lund"))
    found = kept("audit", "verify")
    assert (found.exit_code, found.stdout) == (1, "")
    assert found.stderr == (
        "Change 3 was altered after it was sealed: edit, by Bo Lund, at 2019-05-06T12:00:00+00:00.\n"
    )


def test_what_is_older_than_six_years_moves_into_a_file_that_stays_verifiable(
    caseapp: Commands, tmp_path: Path
) -> None:
    file = tmp_path / "old.jsonl"
    caseapp("users", "add", "dana", "--role", "office")
    caseapp("audit", "seal")
    nothing = caseapp("audit", "archive", "--to", file)
    assert (nothing.exit_code, file.exists()) == (0, False)
    assert nothing.output == "Nothing sealed is older than 2020-11-23. Nothing was moved.\n"

    moved = caseapp("audit", "archive", "--before", "2026-11-24", "--to", file)
    assert (moved.exit_code, moved.output.splitlines()[0]) == (0, f"Moved 2 events in 1 seal to {file}.")
    sound = caseapp("audit", "verify", "--archive", file)
    assert (sound.exit_code, sound.output.split(",")[0]) == (0, "All 2 sealed events are as they were")
    assert caseapp("audit", "verify").exit_code == 0
    assert caseapp("audit", "seal").exit_code == 0

    again = caseapp("audit", "archive", "--before", "2026-11-24", "--to", file)
    assert (again.exit_code, again.stderr) == (
        2,
        f"Error: {file}: Is there already: name a new file. Nothing was moved.\n",
    )


@pytest.mark.parametrize(
    ("harm", "status", "words"),
    [
        (lambda lines: [line.replace("Ann Berg", "Bo Lund") for line in lines], 1, "was altered"),
        (lambda lines: lines[:3] + lines[4:], 1, "was removed"),
        (lambda lines: [*lines[:-2], lines[-1]], 1, "was removed"),
        (lambda lines: lines[:-1], 2, "The end of the archive is missing"),
        (lambda lines: lines[1:], 2, "no archive of the record"),
        (lambda lines: [], 2, "The end of the archive is missing"),
        (lambda lines: ["[]"], 2, "no archive of the record"),
        (lambda lines: [lines[0], '{"seal":{}}'], 2, "no archive of the record"),
        (lambda lines: [lines[0], '{"odd":1}'], 2, "no archive of the record"),
        (lambda lines: ["\x80"], 2, "no archive of the record"),
    ],
)
def test_a_file_that_was_tampered_with_is_told(  # type: ignore[no-untyped-def]  # a function of lines
    kept: Commands, tmp_path: Path, harm, status: int, words: str
) -> None:
    file = tmp_path / "old.jsonl"
    kept("audit", "seal")
    kept("audit", "archive", "--before", "2026-11-24", "--to", file)
    file.write_text("\n".join(harm(file.read_text().splitlines())), encoding="latin-1")
    told = kept("audit", "verify", "--archive", file)
    assert (told.exit_code, told.stdout) == (status, "")
    assert words in told.stderr


def test_a_file_that_was_made_anew_is_told_where_the_practice_is(kept: Commands, tmp_path: Path) -> None:
    file, other = tmp_path / "old.jsonl", tmp_path / "other.jsonl"
    kept("audit", "seal")
    kept("audit", "archive", "--before", "2026-11-24", "--to", file)
    here = kept.data
    kept.data = tmp_path / "elsewhere"
    nobody = kept("audit", "verify", "--archive", file)
    assert nobody.exit_code == 0
    kept("users", "add", "bo", "--role", "office")
    with database(kept) as session:
        put_down(session)
    kept("audit", "seal")
    kept("audit", "archive", "--before", "2026-11-24", "--to", other)
    assert kept("audit", "verify", "--archive", other).exit_code == 0
    kept.data = here
    told = kept("audit", "verify", "--archive", other)
    assert (told.exit_code, told.stderr.split(":")[0]) == (
        1,
        "The practice knows another archive of this part",
    )
    assert kept("audit", "verify", "--archive", tmp_path / "none.jsonl").exit_code == 2


def test_nothing_is_moved_where_it_is_not_as_it_was_sealed(kept: Commands, tmp_path: Path) -> None:
    kept("audit", "seal")
    with database(kept) as session, unguarded(session):
        session.execute(delete(AuditEvent).where(AuditEvent.id == 3))
    file = tmp_path / "old.jsonl"
    refused = kept("audit", "archive", "--before", "2026-11-24", "--to", file)
    assert (refused.exit_code, file.exists()) == (2, False)
    assert "Change 3 was removed after it was sealed. Nothing was moved." in refused.stderr


def test_what_is_on_record_is_written_as_a_table_without_formulas(kept: Commands, tmp_path: Path) -> None:
    with database(kept) as session:
        put_down(session, 0, 1, actor="=HYPERLINK(1)")
    file = tmp_path / "audit.csv"
    done = kept("audit", "export", file, "--until", "2026-11-22")
    assert (done.exit_code, done.output) == (0, f"Wrote {file}.\n")
    lines = file.read_text().splitlines()
    assert lines[0] == "at,who,what,client_number,details,reason"
    assert lines[1].startswith("2026-11-22T12:00:00-05:00,Ann Berg,Changed client,")
    assert lines[2].startswith("2026-11-22T12:00:00-05:00,'=HYPERLINK(1),Took a table out,")
    assert len(lines) == 1 + 3 + 6
    none = kept("audit", "export", tmp_path / "new.csv", "--since", "2026-11-24")
    assert none.exit_code == 0
    assert (tmp_path / "new.csv").read_text() == f"{lines[0]}\n"
    again = kept("audit", "export", file)
    assert (again.exit_code, "Is there already" in again.stderr) == (2, True)

"""What is exported can be imported, and exported again byte for byte. On both databases."""

import csv
import json
from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from caseapp.formats.problem import Problem
from caseapp.models import CaseManager, Client, Leave
from tests.conftest import NOW
from tests.databases import ONE_DATABASE
from tests.practice_files import SAMPLE, SMALL, contents, write_files
from tests.usecases.importing import bring_in, emptied, told, write_out

TEXTS = Path(__file__).parents[1] / "data" / "text"


def there_and_back(session: Session, folder: Path, tmp_path: Path) -> dict[str, bytes]:
    """Import, export, import into an empty database, export: the exported files, which are the same."""
    assert told(bring_in(session, folder)) == []
    first = write_out(session, tmp_path / "first")
    assert told(bring_in(emptied(session), first)) == []
    second = write_out(session, tmp_path / "second")
    assert contents(first) == contents(second)
    return contents(first)


@pytest.mark.parametrize("folder", ["sample", "small"])
def test_an_export_comes_back_byte_for_byte(session: Session, tmp_path: Path, folder: str) -> None:
    source = SAMPLE if folder == "sample" else write_files(tmp_path / "small", SMALL)

    files = there_and_back(session, source, tmp_path)

    assert len(files) == 10
    for name, data in files.items():
        assert data.count(b"\n") == (source / name).read_bytes().count(b"\n")
        assert b"\r" not in data


def test_importing_an_export_into_its_own_practice_changes_nothing(session: Session, tmp_path: Path) -> None:
    bring_in(session, SAMPLE)

    assert bring_in(session, write_out(session, tmp_path / "out")).written == 0


def test_an_export_is_sorted_by_key_and_tells_offsets(session: Session, tmp_path: Path) -> None:
    files = SMALL | {"clients": SMALL["clients"] + "C-10,Ä,B,,,active,\nc-1,A,B,,,active,\n"}
    bring_in(session, write_files(tmp_path / "small", files))

    out = write_out(session, tmp_path / "out")

    lines = (out / "clients.csv").read_text(encoding="utf-8").splitlines()
    numbers = [row["client_number"] for row in csv.DictReader(lines)]
    assert numbers == ["C-1", "C-10", "C-2", "c-1"]
    assert (out / "appointments.csv").read_text(encoding="utf-8").splitlines()[1:] == [
        "A-1,C-1,ST,K-1,2026-11-24T09:00-05:00,45,scheduled,true",
        "A-2,C-2,ABA,,2026-11-25T13:00-05:00,120,scheduled,false",
    ]
    assert (out / "enrollments.csv").read_text(encoding="utf-8").splitlines()[1:] == [
        "K-1,BLUE,2025-01-01,approved,,,",
        "K-2,BLUE,,in_process,2026-10-01,,",
    ]
    assert (out / "clinicians.csv").read_text(encoding="utf-8").splitlines()[2].split(",")[6] == "ABA;ST"


def test_what_only_the_form_knows_of_a_case_manager_is_kept(session: Session, tmp_path: Path) -> None:
    bring_in(session, write_files(tmp_path / "small", SMALL))
    left = NOW + timedelta(seconds=1, microseconds=7)
    session.execute(
        update(CaseManager).values(uncovered_left_at=left, uncovered_left_reason='Said "no",\r\nthen\nleft')
    )
    session.commit()

    there_and_back(session, write_out(session, tmp_path / "out"), tmp_path)

    found = set(session.execute(select(CaseManager.uncovered_left_at, CaseManager.uncovered_left_reason)))
    assert found == {(left, 'Said "no",\r\nthen\nleft')}


def test_when_the_practice_learned_of_an_enrollment_is_kept(session: Session, tmp_path: Path) -> None:
    enrollments = (
        "clinician_number,payor_id,start_date,status,learned_on\nK-1,BLUE,2025-01-01,approved,2025-03-14\n"
    )
    folder = write_files(tmp_path / "files", SMALL | {"enrollments": enrollments})

    files = there_and_back(session, folder, tmp_path)

    assert b"K-1,BLUE,2025-01-01,approved,,,2025-03-14\n" in files["enrollments.csv"]


def naughty() -> list[str]:
    texts: list[str] = json.loads((TEXTS / "naughty_strings.json").read_text(encoding="utf-8"))
    return [
        *texts,
        "a\x00b",
        "={}&1|cmd",
        "{{7*7}}",
        "\u202eevil",
        "x" * 10_000,
        "Zoë\u200d",
        "\ufeffBOM",
        "\uffff",
    ]


def test_hard_strings_as_names_and_notes_come_back_or_are_refused(session: Session, tmp_path: Path) -> None:
    texts = naughty()
    folder = write_files(
        tmp_path / "files", {"clinicians": SMALL["clinicians"], "service_lines": SMALL["service_lines"]}
    )
    with (folder / "clients.csv").open("w", encoding="utf-8", newline="") as stream:
        clients = csv.writer(stream, quoting=csv.QUOTE_ALL)
        clients.writerow(["client_number", "last_name", "first_name", "status"])
        clients.writerows(
            [f"C-{place}", text, "Léa", "active"] for place, text in enumerate(texts) if "\0" not in text
        )
    with (folder / "leaves.csv").open("w", encoding="utf-8", newline="") as stream:
        leaves = csv.writer(stream, quoting=csv.QUOTE_ALL)
        leaves.writerow(["clinician_number", "start_date", "note"])
        leaves.writerows(
            ["K-1", f"20{place // 336:02d}-{place // 28 % 12 + 1:02d}-{place % 28 + 1:02d}", text]
            for place, text in enumerate(texts)
            if "\0" not in text
        )

    report = bring_in(session, folder, keep_going=True)

    stored = dict(session.execute(select(Client.number, Client.last_name)).all())
    for place, text in enumerate(texts):
        name = stored.get(f"C-{place}")
        assert name == text or name is None
    refused = [problem for problem in told(report) if "clients.csv" in problem]
    assert len(refused) == len(texts) - 1 - len(stored)
    assert all("last_name: " in problem for problem in refused)
    assert len(stored) > 490
    notes = {note for note in session.scalars(select(Leave.note)) if note}
    assert {text for text in texts if text not in notes} <= {
        "",
        *(text for text in texts if not text.isprintable()),
    }
    session.rollback()
    there_and_back(emptied(session), _without_refused(folder, report.problems), tmp_path)


def _without_refused(folder: Path, problems: list[Problem]) -> Path:
    """The folder without the lines that were refused."""
    bad = {(problem.file, problem.line) for problem in problems}
    for path in folder.iterdir():
        with path.open(encoding="utf-8", newline="") as stream:
            reader = csv.reader(stream)
            rows, line = [], 1
            for row in reader:
                if (path.name, line) not in bad:
                    rows.append(row)
                line = reader.line_num + 1
        with path.open("w", encoding="utf-8", newline="") as stream:
            csv.writer(stream, quoting=csv.QUOTE_ALL).writerows(rows)
    return folder


def test_every_international_name_comes_back(session: Session, tmp_path: Path) -> None:
    with (TEXTS / "names_international.csv").open(encoding="utf-8", newline="") as stream:
        names = [(row["family"], row["given"]) for row in csv.DictReader(stream)]
    folder = tmp_path / "files"
    folder.mkdir()
    with (folder / "clients.csv").open("w", encoding="utf-8", newline="") as stream:
        clients = csv.writer(stream)
        clients.writerow(["client_number", "last_name", "first_name", "status"])
        clients.writerows([f"C-{place}", *name, "active"] for place, name in enumerate(names))

    there_and_back(session, folder, tmp_path)

    stored = {
        number: (last, first)
        for number, last, first in session.execute(select(Client.number, Client.last_name, Client.first_name))
    }
    assert stored == {f"C-{place}": name for place, name in enumerate(names)}


@ONE_DATABASE
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    rows=st.lists(
        st.tuples(
            st.text(st.characters(exclude_categories=["Cc", "Cs"]), min_size=1, max_size=40).filter(
                str.strip
            ),
            st.text(st.characters(exclude_categories=["Cc", "Cs"]), max_size=40),
            st.dates(date(1900, 1, 1), date(2100, 12, 31)),
            st.sampled_from(["active", "on_hold", "discharged"]),
        ),
        max_size=12,
    )
)
def test_any_clients_come_back(
    session: Session, tmp_path_factory: pytest.TempPathFactory, rows: list[tuple[str, str, object, str]]
) -> None:
    tmp_path = tmp_path_factory.mktemp("any")
    with (tmp_path / "clients.csv").open("w", encoding="utf-8", newline="") as stream:
        clients = csv.writer(stream)
        clients.writerow(
            ["client_number", "last_name", "first_name", "preferred_name", "date_of_birth", "status"]
        )
        clients.writerows(
            [place, name, name, preferred, day, status]
            for place, (name, preferred, day, status) in enumerate(rows)
        )

    there_and_back(emptied(session), tmp_path, tmp_path_factory.mktemp("out"))

"""Rows that cannot be true are refused, and nothing is stored."""

from pathlib import Path

import pytest
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from caseapp.models import (
    CaseManager,
    Client,
)
from caseapp.usecases.import_practice_clashes import DOUBLED
from tests.conftest import NOW
from tests.practice_files import SMALL, write_files
from tests.usecases.importing import CM, again, bring_in, row_counts, told, write_out

REFUSED = [
    ("clients", "C-3,,,,,active,\n", "clients.csv:4: last_name: Must be filled, or the first name."),
    (
        "clients",
        "C-3,A,B,,,gone,\n",
        "clients.csv:4: status: 'gone' is not one of active, on_hold, discharged.",
    ),
    ("clients", "C-1,A,B,,,active,\n", f"clients.csv:4: client_number: {DOUBLED}"),
    (
        "clients",
        "C-3,A,B,,,active,x-2\n",
        "clients.csv:4: external_id: 'x-2' belongs to another row already.",
    ),
    ("clinicians", "K-3,A,B,,1234567893,,,\n", "clinicians.csv:4: npi: '1234567893' belongs to another row"),
    ("clinicians", "K-3,A,B,,,ABA;XX,,\n", "clinicians.csv:4: service_lines: 'XX' is not a service line of"),
    ("clinicians", "K-3,A,B,,,,2026-02-01,2026-01-01\n", "clinicians.csv:4: active_to: 2026-01-01 is before"),
    (
        "enrollments",
        "K-9,BLUE,,approved,,\n",
        "enrollments.csv:4: clinician_number: 'K-9' is not a clinician",
    ),
    ("enrollments", "K-1,NONE,,approved,,\n", "enrollments.csv:4: payor_id: 'NONE' is not a payor"),
    ("enrollments", "K-2,BLUE,,approved,,\n", f"enrollments.csv:4: start_date: {DOUBLED}"),
    (
        "client_service_lines",
        "C-1,XX,2026-01-05,\n",
        "client_service_lines.csv:4: service_line: 'XX' is not a",
    ),
    (
        "funding_sources",
        "C-1,SELF,primary,2026-03-01,,\n",
        "funding_sources.csv:5: start_date: Another primary funding source shares a day with this one: BLUE,",
    ),
    (
        "case_managers",
        "C-1,ST,2026-03-01,K-2,,\n",
        "case_managers.csv:4: start_date: Another case manager of this line shares a day with this one: K-1,",
    ),
    ("case_managers", "C-1,ST,2026-01-05,K-2,,\n", f"case_managers.csv:4: start_date: {DOUBLED}"),
    (
        "case_managers",
        "C-9,ST,2026-01-05,K-2,,\n",
        "case_managers.csv:4: client_number: 'C-9' is not a client",
    ),
    (
        "case_managers",
        "C-2,ST,2026-01-05,K-2,,K-9\n",
        "case_managers.csv:4: for_clinician_number: 'K-9' is not",
    ),
    (
        "appointments",
        "A-3,C-1,ST,,2026-03-08T02:30,45,scheduled,true\n",
        "appointments.csv:4: starts_at: '2026-03-08T02:30' does not exist in America/New_York: clocks go",
    ),
    (
        "appointments",
        "A-3,C-1,ST,K-9,2026-03-08T09:30,45,scheduled,true\n",
        "appointments.csv:4: clinician_number:",
    ),
]


@pytest.mark.parametrize(("file", "line", "sentence"), REFUSED)
def test_a_row_that_cannot_be_true_is_refused_and_nothing_stored(
    session: Session, tmp_path: Path, file: str, line: str, sentence: str
) -> None:
    folder = write_files(tmp_path / "files", SMALL | {file: SMALL[file] + line})

    report = bring_in(session, folder)

    assert [one.startswith(sentence) for one in told(report)] == [True], told(report)
    assert not report.stored
    assert row_counts(session) == {}

    kept = bring_in(session, folder, keep_going=True)

    assert kept.stored
    assert kept.refused == 1
    assert told(kept) == told(report)
    clean = write_files(tmp_path / "clean", SMALL)
    assert bring_in(session, clean).written == 0


@pytest.mark.parametrize("line", ["C-1,ST,2026-03-01,K-2,2026-03-31,\n", "C-1,ST,2025-12-01,K-2,,\n"])
def test_a_second_case_manager_of_a_day_is_refused_against_stored_ones_too(
    small: Session, tmp_path: Path, line: str
) -> None:
    problems = again(small, tmp_path, {"case_managers": SMALL["case_managers"].splitlines()[0] + "\n" + line})

    assert len(problems) == 1
    assert problems[0].startswith("case_managers.csv:2: start_date: Another case manager")


@pytest.mark.parametrize("ended_first", [True, False])
def test_a_successor_may_stand_before_or_after_the_line_that_makes_room(
    small: Session, tmp_path: Path, ended_first: bool
) -> None:
    lines = ["C-1,ST,2026-01-05,K-1,2026-06-30", "C-1,ST,2026-07-01,K-2,"]
    ordered = lines if ended_first else lines[::-1]

    assert again(small, tmp_path, {"case_managers": CM + "\n".join(ordered) + "\n"}) == []

    stored = select(CaseManager.start_date, CaseManager.end_date, CaseManager.version).join(Client)
    found = small.execute(stored.where(Client.number == "C-1").order_by(CaseManager.start_date)).all()
    assert [(str(start), str(end), version) for start, end, version in found] == [
        ("2026-01-05", "2026-06-30", 2),
        ("2026-07-01", "None", 1),
    ]


def test_room_that_a_much_later_line_makes_is_found(session: Session, tmp_path: Path) -> None:
    many = "".join(f"C-{number},A,B,,,active,\n" for number in range(10, 2_500))
    filler = "".join(f"C-{number},ST,2026-01-05,K-1,\n" for number in range(10, 2_500))
    bring_in(session, write_files(tmp_path / "small", SMALL | {"clients": SMALL["clients"] + many}))
    lines = "C-1,ST,2026-07-01,K-2,\n" + filler + "C-1,ST,2026-01-05,K-1,2026-06-30\n"

    report = bring_in(session, write_files(tmp_path / "again", {"case_managers": CM + lines}))

    assert told(report) == []
    assert report.files[0].added == 2_491
    assert report.files[0].changed == 1


def test_of_two_that_share_a_day_the_later_line_is_refused(small: Session, tmp_path: Path) -> None:
    lines = "C-2,ST,2026-01-01,K-1,2026-03-31\nC-2,ST,2026-03-31,K-2,\nC-2,ST,2026-04-01,K-1,\n"

    problems = again(small, tmp_path, {"case_managers": CM + lines}, keep_going=True)

    assert [problem.split(": ")[0] for problem in problems] == ["case_managers.csv:3"]
    assert row_counts(small)["case_manager"] == 4


def test_a_removed_case_manager_stands_in_nobodys_way(small: Session, tmp_path: Path) -> None:
    small.execute(update(CaseManager).values(removed_at=NOW, removed_by="x"))
    small.commit()

    assert again(small, tmp_path, {"case_managers": SMALL["case_managers"]}) == []

    assert row_counts(small)["case_manager"] == 4
    assert (write_out(small, tmp_path / "out") / "case_managers.csv").read_text().count("\n") == 3


def test_a_person_may_have_one_name_only(small: Session, tmp_path: Path) -> None:
    folder = tmp_path / "one name"
    folder.mkdir()
    heading = "client_number,last_name,first_name,preferred_name,date_of_birth,status,external_id\n"
    (folder / "clients.csv").write_text(f"{heading}C-9,,Suharto,,,active,\nC-8,Madonna,,,,active,\n", "utf-8")

    report = bring_in(small, folder)

    assert told(report) == []
    names = small.execute(
        select(Client.last_name, Client.first_name).where(Client.number.in_(["C-8", "C-9"]))
    )
    assert sorted(tuple(row) for row in names) == [("", "Suharto"), ("Madonna", "")]

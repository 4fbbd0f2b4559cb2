import pytest
from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from caseapp.domain.actor import LOCAL_USER
from caseapp.models import AuditEvent, TaxonomyCode, begin_write
from caseapp.usecases.taxonomy_code import (
    MOST_SHOWN,
    TaxonomyReport,
    import_taxonomy_codes,
    taxonomy_choices,
)
from tests.conftest import NOW

SOME = {
    "103K00000X": "Behavior Analyst",
    "106E00000X": "Assistant Behavior Analyst",
    "225100000X": "Physical Therapist",
}


@pytest.fixture(autouse=True)
def _no_codes(session: Session) -> None:
    begin_write(session)
    session.execute(delete(TaxonomyCode))
    session.commit()


def taken(session: Session, codes: dict[str, str]) -> TaxonomyReport:
    return import_taxonomy_codes(session, LOCAL_USER, NOW, codes, "codes.csv")


def test_a_set_is_taken_in_and_again_changes_nothing(session: Session) -> None:
    assert taken(session, SOME) == TaxonomyReport(3, 0, 0)
    assert taken(session, SOME) == TaxonomyReport(0, 0, 3)
    assert taken(session, {"103K00000X": "Analyst"}) == TaxonomyReport(0, 1, 0)

    session.rollback()
    events = session.scalars(select(AuditEvent)).all()
    assert [event.after for event in events] == [
        {"source": "codes.csv", "added": 3, "changed": 0},
        {"source": "codes.csv", "added": 0, "changed": 1},
    ]
    assert taxonomy_choices(session).codes[0] == ("103K00000X", "Analyst")


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("", ["103K00000X", "106E00000X", "225100000X"]),
        ("10", ["103K00000X", "106E00000X"]),
        ("103k", ["103K00000X"]),
        ("analyst", ["103K00000X", "106E00000X"]),
        ("analyst ASSIST", ["106E00000X"]),
        ("%", []),
        ("_", []),
        ("\x00", ["103K00000X", "106E00000X", "225100000X"]),
        ("x" * 5000, []),
    ],
)
def test_codes_are_found_by_their_beginning_and_words_of_their_names(
    session: Session, typed: str, found: list[str]
) -> None:
    taken(session, SOME)

    assert [code for code, _ in taxonomy_choices(session, typed).codes] == found


def test_only_so_many_are_shown(session: Session) -> None:
    taken(session, {f"{number:09}X": "One" for number in range(MOST_SHOWN + 1)})

    choices = taxonomy_choices(session)

    assert (len(choices.codes), choices.more) == (MOST_SHOWN, True)
    assert not taxonomy_choices(session, "00000000").more

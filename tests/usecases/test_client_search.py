import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from caseapp.models import Client, ClientTerm, begin_write
from caseapp.usecases.client_search import (
    SEARCH_LENGTH,
    fold,
    rewrite_terms,
    search_words,
    sort_key,
    terms_of,
    words_of,
    write_terms,
)
from tests.builders import Row, a_client
from tests.client_lists import found, listed
from tests.statements import counted


@pytest.mark.parametrize(
    ("written", "folded"),
    [
        ("Léa", "lea"),
        ("LE\u0301A", "lea"),
        ("Straße", "strasse"),
        ("Ørsted", "orsted"),
        ("Łukasz", "lukasz"),
        ("Æsa Þór", "aesa thor"),
        ("İpek ışık", "ipek isik"),
        ("O’Hara", "o'hara"),
        ("Anne‑Marie", "anne-marie"),
        ("Ｆｕｌｌ", "full"),
        ("a\u200bb\u202ec", "abc"),
        ("a\x00b\tc", "a b c"),
        ("\ud800a", "a"),
    ],
)
def test_case_accents_strokes_and_what_is_invisible_are_folded_away(written: str, folded: str) -> None:
    assert fold(written) == folded


def test_an_apostrophe_splits_and_joins() -> None:
    assert words_of("O'Hara") == {"ohara", "hara"}


def test_every_part_of_a_double_name_is_joined_to_what_follows_it() -> None:
    assert words_of("O’Hara-Smith") == {"oharasmith", "harasmith", "smith"}


def test_a_client_number_is_found_by_its_parts_and_by_the_whole() -> None:
    assert words_of("C-10231") == {"c10231", "10231"}


def test_a_name_made_of_signs_alone_is_its_own_word() -> None:
    assert words_of("★ ☂") == {"★", "☂"}
    assert search_words("★") == [[("★",)]]


def test_the_terms_are_all_prefixes_and_long_words_whole() -> None:
    long = "wolfeschlegelsteinhausenbergerdorff"

    terms = terms_of("Bo", long, None, "7")

    assert terms == {"b", "bo", "7", long, *(long[:n] for n in range(1, 21))}


def test_clients_are_sorted_by_folded_name_without_marks() -> None:
    assert sort_key("O'Hara", "Wren") == "ohara wren"
    assert sort_key("Élan", "Ñu") < sort_key("Emil", "A")
    assert len(sort_key("x" * 10_000, "y" * 10_000)) == 40
    assert sort_key("★", "") == "★"


def test_a_client_of_no_terms_has_none(session: Session, hartmann: Row) -> None:
    begin_write(session)
    rewrite_terms(session, hartmann.id, "", ())
    session.commit()

    assert session.scalars(select(ClientTerm)).all() == []


def test_more_than_anybody_is_called_finds_nobody() -> None:
    assert search_words("a" * (SEARCH_LENGTH + 1)) is None
    assert search_words("a " * 11) is None
    assert search_words(" " * 1_000_000) == []


@pytest.fixture
def hartmann(session: Session) -> Row:
    client = a_client(
        session, first_name="Léa", last_name="Hartmann", number="C-10231", preferred_name="Mimi"
    )
    listed(session, client)
    return client


@pytest.mark.parametrize(
    "typed",
    [
        "lea hart",
        "HART",
        "Hartmann, Léa",
        "h",
        "mim",
        "c-10231",
        "C10231",
        "10231",
        "c-102",
        "hart lea mimi 102",
        " ",
    ],
)
def test_each_word_is_a_prefix_of_a_part_of_a_name_or_of_the_number(
    session: Session, hartmann: Row, typed: str
) -> None:
    assert found(session, typed) == ["Hartmann, Léa"]


@pytest.mark.parametrize(
    "typed", ["artmann", "lea smith", "hartmanns", "hartm ann", "leahart", "x", "★", "0231"]
)
def test_a_word_that_no_part_begins_with_finds_nothing(session: Session, hartmann: Row, typed: str) -> None:
    assert found(session, typed) == []


@pytest.mark.parametrize(
    ("last_name", "typed"),
    [
        ("O'Hara", "hara"),
        ("O'Hara", "ohara"),
        ("O'Hara", "o'hara"),
        ("O'Hara", "O’HARA"),
        ("O Hara", "o'hara"),
        ("Ohara", "o'hara"),
        ("Anne-Marie", "anne marie"),
        ("Anne Marie", "anne-marie"),
        ("AnneMarie", "anne-mar"),
        ("Smith-O'Hara", "ohara"),
        ("Wolfeschlegelsteinhausenbergerdorff", "wolfeschlegelsteinhausenberg"),
        ("Wolfeschlegelsteinhausenbergerdorff", "wolfeschlegelsteinhausenbergerdorff wolf"),
        ("Nguyễn", "nguyen"),
        ("山田", "山"),
        ("Ελένη", "ελενη"),
    ],
)
def test_marks_and_scripts_do_not_hide_a_client(session: Session, last_name: str, typed: str) -> None:
    listed(session, a_client(session, last_name=last_name, first_name="Wren"))

    assert found(session, typed) == [f"{last_name}, Wren"]
    assert found(session, f"wre {typed}") == [f"{last_name}, Wren"]


@pytest.mark.parametrize("typed", ["wolfeschlegelsteinhausenx", "wolfeschlegelsteinhaux"])
def test_a_long_word_is_compared_to_its_end(session: Session, typed: str) -> None:
    listed(session, a_client(session, last_name="Wolfeschlegelsteinhausenbergerdorff"))

    assert found(session, typed) == []


def test_two_readings_of_a_word_find_a_client_once(session: Session) -> None:
    listed(session, a_client(session, last_name="O'Hara", first_name="Hara"))

    assert found(session, "o'hara hara") == ["O'Hara, Hara"]


def test_writing_the_terms_again_forgets_the_old_name(session: Session) -> None:
    client = a_client(session, ["ABA"], last_name="Hartmann", first_name="Léa", number="7")
    listed(session, client)
    begin_write(session)
    session.query(Client).filter_by(id=client.id).update({"last_name": "Lo"})
    write_terms(session, [client.id])
    session.commit()

    terms = set(session.scalars(select(ClientTerm.term)))

    assert terms == {"l", "lo", "le", "lea", "7", "#ABA"}
    assert session.scalar(select(Client.sort_key)) == "lo lea"


def test_the_terms_of_many_clients_are_written_at_once(session: Session) -> None:
    clients = [a_client(session, last_name=f"N{number}", first_name="A") for number in range(3)]
    listed(session, *clients)

    assert found(session, "n") == ["N0, A", "N1, A", "N2, A"]


def test_searching_asks_the_same_number_of_statements_however_many_words(
    session: Session, hartmann: Row
) -> None:
    engine = session.get_bind()
    for typed in ("", "h", "lea hart", "le'a har't"):
        with counted(engine.engine) as sent:
            found(session, typed)
        assert len(sent) == 2, typed

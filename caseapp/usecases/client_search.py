"""How clients are found and sorted by name: folding, words, and the terms that make a search one index range.

Each word that is typed is a prefix of a part of the first, last or preferred name, or of the client number.
Accents and case are ignored; apostrophes and hyphens both split and join (`hara` and `ohara` find O'Hara).
"""

import unicodedata
from collections.abc import Collection, Iterable
from typing import Any, cast

from sqlalchemy import Integer, String, Table, bindparam, delete, select, text, update
from sqlalchemy.orm import Session

from caseapp.models import Client, ClientServiceLine, ClientTerm, ServiceLine

PREFIX_LENGTH = 20
WORD_LENGTH = 100
SORT_LENGTH = 40
NAME_PARTS = 40  # of a name as long as a file may hold, the first are enough to find it
SEARCH_LENGTH = 200
SEARCH_WORDS = 10
_BATCH = 500

_term = cast(Table, ClientTerm.__table__)
_DROP_TERMS = delete(_term).where(_term.c.client_id == bindparam("of_client", type_=Integer))
_DROP_TERM = _DROP_TERMS.where(_term.c.term == bindparam("was", type_=String))
_MOVE_TERM = (
    update(_term)
    .where(
        _term.c.client_id == bindparam("of_client", type_=Integer),
        _term.c.term == bindparam("was", type_=String),
    )
    .values(term=bindparam("becomes", type_=String))
)

# Letters that have no accent to take off, but are typed without their stroke.
_PLAIN = str.maketrans(
    {
        "ø": "o",
        "ł": "l",
        "đ": "d",
        "ð": "d",
        "þ": "th",
        "æ": "ae",
        "œ": "oe",
        "ħ": "h",
        "ŧ": "t",
        "ı": "i",
        "ŋ": "n",
    }
)
_APOSTROPHES = dict.fromkeys(map(ord, "'’‘‛ʼʻʹ′`´＇"), "'")
_HYPHENS = dict.fromkeys(map(ord, "-‐‑‒–—―−－"), "-")
_MARKS: dict[int, str] = _APOSTROPHES | _HYPHENS
_JOINED = "'-"


def fold(value: str) -> str:
    """Without case and accents, every apostrophe as ' and every hyphen as -, nothing invisible."""
    if value.isascii():
        folded = value.lower().replace("`", "'")
    else:
        decomposed = unicodedata.normalize("NFKD", value.translate(_MARKS)).casefold()
        plain = (c for c in unicodedata.normalize("NFKD", decomposed) if not unicodedata.combining(c))
        folded = "".join(plain).translate(_PLAIN)
    if folded.isprintable():
        return folded
    kinds = ((c, unicodedata.category(c)) for c in folded)
    return "".join(
        " " if kind in {"Cc", "Zl", "Zp", "Zs"} else c for c, kind in kinds if kind not in {"Cf", "Cs"}
    )


def _tokens(value: str) -> list[list[str]]:
    """The folded value cut where there is neither letter nor digit; apostrophes and hyphens cut within.

    `O'Hara Wren` is [[o, hara], [wren]].
    """
    folded = fold(value)
    if not folded.isalnum():
        folded = "".join(c if c.isalnum() or c in _JOINED or _is_mark(c) else " " for c in folded)
    split = (token.replace("-", "'").split("'") for token in folded.split()[:NAME_PARTS])
    return [pieces for token in split if (pieces := [piece for piece in token[:NAME_PARTS] if piece])]


def _is_mark(character: str) -> bool:
    return not character.isascii() and unicodedata.category(character).startswith("M")


def _symbols(value: str) -> set[str]:
    """What stands in for words where a name is made of signs alone, so that it, too, can be found."""
    return {token[:WORD_LENGTH] for token in fold(value).split() if not any(map(str.isalnum, token))}


def words_of(*values: str | None) -> set[str]:
    """Each part with all that is joined behind it: O'Hara-Smith gives oharasmith, harasmith, smith."""
    words: set[str] = set()
    for value in values:
        if not value:
            continue
        for pieces in _tokens(value):
            words.update(
                "".join(pieces[place : place + WORD_LENGTH])[:WORD_LENGTH] for place in range(len(pieces))
            )
        words |= _symbols(value)
    return words


def terms_of(first_name: str, last_name: str, preferred_name: str | None, number: str) -> set[str]:
    """Every prefix of 1 to 20 letters of every word of the client, and the longer words whole."""
    words = words_of(first_name, last_name, preferred_name, number)
    prefixes = {word[:length] for word in words for length in range(1, min(len(word), PREFIX_LENGTH) + 1)}
    return prefixes | {word for word in words if len(word) > PREFIX_LENGTH}


def sort_key(last_name: str, first_name: str) -> str:
    """By what lists are ordered: the folded name without its marks, cut at 40 letters."""
    parts = ["".join(pieces) for pieces in _tokens(f"{last_name} {first_name}")]
    return " ".join(parts)[:SORT_LENGTH] or fold(f"{last_name} {first_name}").strip()[:SORT_LENGTH]


def search_words(typed: str) -> list[list[tuple[str, ...]]] | None:
    """What is searched for: for each word its readings, each a tuple of words that must all be found.

    `o'hara` may be written in one (ohara) or apart (o, hara). An empty list asks for everything; None is more
    than anybody is called: no client can match.
    """
    if len(typed) > SEARCH_LENGTH:
        return None if typed.strip() else []
    readings: list[list[tuple[str, ...]]] = []
    for pieces in _tokens(typed):
        joined = "".join(pieces)[:WORD_LENGTH]
        readings.append([(joined,)] if len(pieces) == 1 else [(joined,), tuple(pieces)])
    if not readings:
        readings = [[(symbol,)] for symbol in sorted(_symbols(typed))]
    return readings if len(readings) <= SEARCH_WORDS else None


def write_terms(session: Session, client_ids: Collection[int]) -> None:
    """Write the terms and the sort key of these clients anew, in the caller's transaction.

    Meant for thousands at once; a statement for each batch, none for each client.
    """
    ids = sorted(client_ids)
    for start in range(0, len(ids), _BATCH):
        _write_batch(session, ids[start : start + _BATCH])


def _write_batch(session: Session, ids: list[int]) -> None:
    client = Client.__table__.c
    clients = session.execute(
        select(
            client.id,
            client.last_name,
            client.first_name,
            client.preferred_name,
            client.number,
            client.sort_key,
        ).where(client.id.in_(ids))
    ).all()
    codes: dict[int, set[str]] = {}
    for client_id, code in session.execute(
        select(ClientServiceLine.client_id, ServiceLine.code)
        .join(ServiceLine, ServiceLine.id == ClientServiceLine.service_line_id)
        .where(ClientServiceLine.client_id.in_(ids))
    ):
        codes.setdefault(client_id, set()).add(f"#{code}")
    rows: list[tuple[str, str, int]] = []
    moved: list[dict[str, Any]] = []
    for client_id, last, first, preferred, number, kept_key in clients:
        key = sort_key(last, first)
        if key != kept_key:
            moved.append({"its_id": client_id, "key": key})
        terms = terms_of(first, last, preferred, number) | codes.get(client_id, set())
        rows.extend((term, key, client_id) for term in terms)
    rows.sort()
    session.execute(delete(ClientTerm).where(ClientTerm.client_id.in_(ids)))
    if moved:
        session.connection().execute(
            update(cast(Table, Client.__table__))
            .where(client.id == bindparam("its_id"))
            .values(sort_key=bindparam("key")),
            moved,
        )
    _insert_terms(session, rows)


def write_first_terms(
    session: Session, client_id: int, key: str, terms: Iterable[str], service_lines: Iterable[str]
) -> None:
    """Write the terms of a client who has none yet, or of service lines that are new to it: one statement."""
    written = {*terms, *(f"#{code}" for code in service_lines)}
    _insert_terms(session, sorted((term, key, client_id) for term in written))


def rewrite_terms(session: Session, client_id: int, key: str, terms: Iterable[str]) -> None:
    """Write all terms of one client anew, those of service lines as #ABA: two statements."""
    session.connection().execute(_DROP_TERMS, {"of_client": client_id})
    _insert_terms(session, sorted((term, key, client_id) for term in terms))


def move_line_terms(
    session: Session, client_id: int, key: str, before: Collection[str], after: Collection[str]
) -> None:
    """Let the terms follow the service lines that a client receives: nothing, or one statement.

    At most one line goes and one comes.
    """
    gone, new = set(before) - set(after), set(after) - set(before)
    of_client = {"of_client": client_id}
    if gone and new:
        moved = {"was": f"#{gone.pop()}", "becomes": f"#{new.pop()}"}
        session.connection().execute(_MOVE_TERM, of_client | moved)
    elif gone:
        session.connection().execute(_DROP_TERM, of_client | {"was": f"#{gone.pop()}"})
    elif new:
        write_first_terms(session, client_id, key, (), new)


def _insert_terms(session: Session, rows: Iterable[tuple[str, str, int]]) -> None:
    """Past SQLAlchemy's own way of many rows, which takes three times as long."""
    connection = session.connection()
    rows = list(rows)
    if not rows:
        return
    if connection.dialect.name == "sqlite":
        connection.exec_driver_sql(
            "INSERT INTO client_term (term, sort_key, client_id) VALUES (?, ?, ?)", rows
        )
        return
    terms, keys, clients = zip(*rows, strict=True)
    connection.execute(
        text(
            "INSERT INTO client_term (term, sort_key, client_id) SELECT * FROM "
            "unnest(CAST(:terms AS text[]), CAST(:keys AS text[]), CAST(:clients AS bigint[]))"
        ),
        {"terms": list(terms), "keys": list(keys), "clients": list(clients)},
    )

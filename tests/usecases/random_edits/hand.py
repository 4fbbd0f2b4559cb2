"""What all random work at the desk shares: where it is done, and how a thing is picked and typed."""

import random
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from caseapp.domain.actor import LOCAL_USER, Actor
from caseapp.domain.dates import day_of
from caseapp.domain.practice import Practice
from caseapp.models import Base, Client, Clinician, ServiceLine, new_public_id
from caseapp.usecases.outcome import UnknownRecord

TEXTS = (
    "Ada",
    "O'Hara-Smith",
    "Zoë",
    "李",
    "Ñandú Ünal",
    "=1+1",
    '=HYPERLINK("http://example.org";"x")',
    "+1 555",
    "-2",
    "@SUM(A1)",
    'Ann "Nan" Doe',
    "'quoted'",
    "comma, semicolon; tab",
    "  two  blanks  ",
    "null",
    "NaN",
    "0012",
    "1e5",
    "TRUE",
    "#N/A",
    "مريم",
    "e\u0301 combined",
    "👩‍👩‍👧 family",
    "\ufeffmark",
    "soft\u00adhyphen",
    "line\u2028separator",
    "x" * 200,
    "é" * 200,
)
LONG = ("n" * 10_000, "“ü” " * 2_499 + "end", "n" * 10_001)
NOTES = (
    *TEXTS,
    *LONG[:2],
    "=1+1, as they left; „so“\nis it",
    'two\r\nlines, "quoted"',
    "休暇\n\n\tUrlaub",
    "a\rb",
)
BAD_NOTES = (LONG[2], "delete\x7f", "next\x85line")
BAD_TEXTS = ("", "   ", "x" * 201, *LONG, "nul\x00", "bell\x07", "\ud800", "new\nline")
BAD_DATES = ("2026-02-30", "1899-12-31", "2101-01-01", "tomorrow", "2026-1-1", "9" * 400)


class Hand:
    """Types into forms at one instant; what a rule refuses is part of the work.

    `random` decides everything, so that one seed does the same work again.
    """

    def __init__(self, session: Session, now: datetime, practice: Practice, seed: int) -> None:
        self.session, self.now, self.practice = session, now, practice
        self.random = random.Random(seed)
        self.tokens: list[str] = []

    @property
    def today(self) -> date:
        return day_of(self.now, self.practice.zone)

    @property
    def where(self) -> tuple[Session, Actor, datetime, Practice]:
        return self.session, LOCAL_USER, self.now, self.practice

    def chance(self, of_ten: int) -> bool:
        """True so many times of ten."""
        return self.random.randrange(10) < of_ten

    def any(self, *columns: Any, **where: Any) -> Any:
        """The columns of a random row of their table."""
        table: type[Base] = columns[0].class_
        conditions = [table.__table__.c[name] == value for name, value in where.items()]
        count = select(func.count()).select_from(table).where(*conditions)
        number = self.session.execute(count).scalar_one()
        if not number:
            raise UnknownRecord
        at = self.random.randrange(number)
        key = list(table.__table__.primary_key)
        row = self.session.execute(
            select(*columns).where(*conditions).order_by(*key).offset(at).limit(1)
        ).one()
        return row if len(columns) > 1 else row[0]

    def client(self, row_id: int | None = None) -> str:
        """The public ID of a client, by row id or of any."""
        return str(self.any(Client.public_id, **({} if row_id is None else {"id": row_id})))

    def clinician(self, row_id: int | None = None) -> str:
        return str(self.any(Clinician.public_id, **({} if row_id is None else {"id": row_id})))

    def line(self) -> str:
        return str(self.any(ServiceLine.code))

    def of(self, known: str) -> str:
        """What is known, mostly; else nothing, or what nobody knows."""
        return known if self.chance(9) else self.random.choice(("", "nobody", "\x00", "x" * 10_000))

    def kept(self, stored: object, fresh: str) -> str:
        """What a form shows of a stored value, mostly untouched; else what is typed over it."""
        return ("" if stored is None else str(stored)) if self.chance(7) else fresh

    def day(self, around: int = 200) -> str:
        """A day near today as it is typed, seldom what is none."""
        if self.random.randrange(40) == 0:
            return self.random.choice(BAD_DATES)
        return (self.today + timedelta(days=self.random.randint(-around, around))).isoformat()

    def maybe(self, text: str) -> str:
        return text if self.random.randrange(2) else ""

    def text(self, kept: str = "") -> str:
        """A name: often as it was, else anything that people type or paste."""
        if kept and self.chance(5):
            return kept
        return self.random.choice(BAD_TEXTS if self.random.randrange(12) == 0 else TEXTS)

    def note(self) -> str:
        return self.random.choice(NOTES if self.chance(9) else BAD_NOTES)

    def number(self, kept: str = "") -> str:
        """A number or code that the practice gives: mostly as it was or fresh, at times odd or another's."""
        if kept and self.chance(8):
            return kept
        if self.chance(6):
            return f"N-{self.random.randrange(10**6):06d}"
        return self.random.choice((*TEXTS, *BAD_TEXTS, "x" * 100, "x" * 101))

    def version(self, stored: int) -> int | None:
        """What the form was opened on: at times somebody else was faster."""
        return stored if self.chance(9) else self.random.choice((None, stored - 1, stored + 7))

    def token(self) -> str | None:
        """What makes a form save once; at times it is sent once more, or by a form without any."""
        if self.tokens and self.random.randrange(20) == 0:
            return self.random.choice(self.tokens)
        if self.chance(3):
            return None
        # Not drawn by chance: the token of another run of the same seed would be taken for a second press.
        self.tokens.append(new_public_id())
        return self.tokens[-1]

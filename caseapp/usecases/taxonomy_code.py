"""The codes to choose from: search them for a form, and take in a whole set."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import bindparam, func, insert, or_, select, update
from sqlalchemy.orm import Session

from caseapp.domain.actor import Actor
from caseapp.domain.entry_reader import is_text
from caseapp.models import TaxonomyCode, begin_write
from caseapp.usecases import audit

MOST_SHOWN = 200
_SEARCH_LENGTH = 100
_SEARCH_WORDS = 5


@dataclass(frozen=True, slots=True)
class TaxonomyChoices:
    """Codes with their names; `more` tells that there are others."""

    codes: tuple[tuple[str, str], ...]
    more: bool


@dataclass(frozen=True, slots=True)
class TaxonomyReport:
    """How many codes a file added, renamed, and left as they were."""

    added: int
    changed: int
    unchanged: int


def taxonomy_choices(session: Session, typed: str = "") -> TaxonomyChoices:
    """Codes that begin with what was typed, or whose names hold each word of it; all for nothing typed."""
    statement = select(TaxonomyCode.code, TaxonomyCode.name).order_by(TaxonomyCode.code)
    if is_text(typed):
        for word in typed[:_SEARCH_LENGTH].split()[:_SEARCH_WORDS]:
            statement = statement.where(
                or_(
                    TaxonomyCode.code.startswith(word.upper(), autoescape=True),
                    func.lower(TaxonomyCode.name).contains(word.lower(), autoescape=True),
                )
            )
    rows = session.execute(statement.limit(MOST_SHOWN + 1)).all()
    return TaxonomyChoices(tuple((row[0], row[1]) for row in rows[:MOST_SHOWN]), len(rows) > MOST_SHOWN)


def import_taxonomy_codes(
    session: Session, actor: Actor, now: datetime, codes: Mapping[str, str], source: str
) -> TaxonomyReport:
    """Take in codes with their names: the same code is renamed, one that is not named stays."""
    begin_write(session)
    known = {row[0]: row[1] for row in session.execute(select(TaxonomyCode.code, TaxonomyCode.name))}
    fresh = [{"code": code, "name": name} for code, name in codes.items() if code not in known]
    renamed = [
        {"its_code": code, "its_name": name}
        for code, name in codes.items()
        if code in known and known[code] != name
    ]
    report = TaxonomyReport(len(fresh), len(renamed), len(codes) - len(fresh) - len(renamed))
    if not fresh and not renamed:
        session.rollback()
        return report
    if fresh:
        session.execute(insert(TaxonomyCode), fresh)
    if renamed:
        table = TaxonomyCode.__table__
        session.connection().execute(
            update(TaxonomyCode)
            .where(table.c.code == bindparam("its_code"))
            .values(name=bindparam("its_name")),
            renamed,
        )
    after = {"source": source, "added": report.added, "changed": report.changed}
    audit.record(session, actor, now, "import", "taxonomy_code", None, after=after)
    session.commit()
    return report

"""The demonstration practice: some sixty invented young people, and every kind of gap among them."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from caseapp.domain.actor import LOCAL_USER
from caseapp.domain.practice import Practice
from caseapp.formats.practice_source import PracticeSource, practice_of
from caseapp.usecases import demo_clients, demo_gaps
from caseapp.usecases.demo_book import Book
from caseapp.usecases.import_practice import import_practice


def load_demo(session: Session, today: date, practice: Practice, now: datetime) -> None:
    """Fill an empty database; dates count from `today`, the practice's day of the instant `now`."""
    source = demo_practice(today, practice.zone, now)
    report = import_practice(session, LOCAL_USER, now, practice, source, "demonstration practice")
    assert report.stored, report.problems


def demo_practice(today: date, zone: ZoneInfo, now: datetime) -> PracticeSource:
    """The practice files of the demonstration, the same for the same day."""
    book = Book(today, now, zone)
    demo_gaps.add_clients(book)
    demo_clients.add_clients(book)
    return practice_of(book.records, zone)

"""Random work at the desk: every record is added to, changed and removed through its own use-case."""

import random
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from caseapp.domain.practice import Practice
from caseapp.usecases.outcome import UnknownRecord
from tests.usecases.random_edits.care import Care
from tests.usecases.random_edits.hand import Hand, Things
from tests.usecases.random_edits.people import People
from tests.usecases.random_edits.staff import Staff


class Desk(Hand):
    """Works on a practice; `things` are all that can be done, by what they are called."""

    def __init__(self, session: Session, now: datetime, practice: Practice, seed: int) -> None:
        super().__init__(session, now, practice, random.Random(seed))
        self.things: Things = {**Care(self).things, **People(self).things, **Staff(self).things}
        self.saved = 0

    def work(self, times: int) -> None:
        """Do so many random things; `saved` counts those that were not refused."""
        # What goes must have come: additions are refused more often than removals.
        names = [name for name in sorted(self.things) for _ in range(3 if _brings(name) else 1)]
        for _ in range(times):
            self.do(self.random.choice(names))

    def do(self, name: str) -> None:
        """Do one thing; afterwards no transaction is open."""
        # A desk is worked at over time, and no instant is a whole second.
        self.now += timedelta(seconds=self.random.randrange(90), microseconds=self.random.randrange(10**6))
        self.session.rollback()
        try:
            outcome = self.things[name]()
        except UnknownRecord:
            return
        finally:
            self.session.rollback()
        self.saved += not hasattr(outcome, "errors")


def _brings(name: str) -> bool:
    return name.startswith(("add", "take in"))

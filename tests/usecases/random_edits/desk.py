"""Random work at the desk: every record is added to, changed and removed through its own use-case."""

from datetime import timedelta

from caseapp.usecases.outcome import UnknownRecord
from tests.usecases.random_edits.care import CARE, Care
from tests.usecases.random_edits.people import PEOPLE, People
from tests.usecases.random_edits.plans import PLANS, Plans
from tests.usecases.random_edits.staff import STAFF, Staff

THINGS = (*CARE, *PEOPLE, *STAFF, *PLANS)
"""All that can be done, by the names of the methods that do it."""
# What goes must have come: additions are refused more often than removals.
_OFTEN = tuple(name for name in THINGS for _ in range(3 if name.startswith(("add", "take_in")) else 1))


class Desk(Care, People, Staff, Plans):
    """Works on a practice; `saved` counts what was not refused."""

    saved = 0

    def work(self, times: int) -> None:
        """Do so many random things."""
        for _ in range(times):
            self.do(self.random.choice(_OFTEN))

    def do(self, name: str) -> None:
        """Do one thing; afterwards no transaction is open."""
        # A desk is worked at over time, and no instant is a whole second.
        self.now += timedelta(seconds=self.random.randrange(90), microseconds=self.random.randrange(10**6))
        self.session.rollback()
        try:
            outcome = getattr(self, name)()
        except UnknownRecord:
            return
        finally:
            self.session.rollback()
        self.saved += not hasattr(outcome, "errors")

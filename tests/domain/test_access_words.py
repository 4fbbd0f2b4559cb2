from caseapp.domain.access_event import KINDS
from caseapp.domain.access_words import FILTERS, tell_access
from caseapp.domain.history import Told


def test_an_access_event_is_told_in_words() -> None:
    assert tell_access("denied", "GET /users") == Told("Was refused", ("GET /users",))
    assert tell_access("viewed", "") == Told("Looked at a client's record", ())


def test_changes_and_every_kind_can_be_filtered_by() -> None:
    assert [value for value, _ in FILTERS] == ["changes", *KINDS]

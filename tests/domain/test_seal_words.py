from datetime import UTC, datetime

from caseapp.domain.seal import Broken
from caseapp.domain.seal_words import broken_words, sealed_words

TOLD = (datetime(2026, 11, 22, 17, tzinfo=UTC), "Ann Berg", "sign_in_failed")


def test_what_is_broken_is_named() -> None:
    assert broken_words(Broken("altered", "access_event", 17), TOLD) == (
        "Access event 17 was altered after it was sealed: sign in failed, by Ann Berg, "
        "at 2026-11-22T17:00:00+00:00."
    )
    assert (
        broken_words(Broken("removed", "audit_event", 4), None) == "Change 4 was removed after it was sealed."
    )
    assert broken_words(Broken("removed", None, 2), None).startswith("Seal 2 was removed: ")


def test_what_is_sound_is_counted() -> None:
    assert sealed_words(2_104, 3, 0) == "All 2,104 sealed events are as they were, under 3 seals."
    assert sealed_words(0, 0, 0) == "Nothing is sealed yet."


def test_what_no_seal_covers_is_told_with_its_age() -> None:
    oldest = TOLD[0]
    assert sealed_words(1, 1, 12, oldest) == (
        "All 1 sealed events are as they were, under 1 seal. 12 events are not sealed yet, since "
        "2026-11-22T17:00:00+00:00: nothing proves them until they are."
    )
    assert "1 event is not sealed yet, since" in sealed_words(0, 0, 1, oldest)

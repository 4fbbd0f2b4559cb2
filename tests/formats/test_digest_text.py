from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

from caseapp.formats import digest_text
from caseapp.formats.digest_text import digest_message
from caseapp.usecases.coverage_digest import Digest, ToldGap

ZONE = ZoneInfo("America/New_York")
ENDS = ToldGap("C-2", "OT", "enrollment_ends", "warning", date(2026, 12, 31))
NOBODY = ToldGap("C-1", "ST", "no_case_manager", "error", date(2026, 11, 23), 4)
GONE = ToldGap("C-3", "PT", "not_enrolled")


def digest(new: list[ToldGap], mended: list[ToldGap], last: datetime | None) -> Digest:
    gaps = {(place, 1, gap.code): gap for place, gap in enumerate([NOBODY, ENDS])}
    return Digest(date(2026, 11, 22), last, gaps, new, mended)


def test_a_message_tells_what_is_new_and_what_is_mended() -> None:
    last = datetime(2026, 11, 21, 3, 0, tzinfo=UTC)
    subject, text = digest_message(digest([NOBODY, ENDS], [GONE], last), "Willow Creek", ZONE)
    assert subject == "Coverage gaps: 2 new, 1 mended"
    assert text == (
        "Willow Creek, Sun 22 Nov 2026\n"
        "Coverage gaps now: 1 error and 1 warning.\n"
        "\n"
        "What changed since the message of 20 Nov 2026:\n"
        "\n"
        "New (2)\n"
        "- C-1, ST: no case manager, mend by Mon 23 Nov 2026, 4 sessions at risk\n"
        "- C-2, OT: enrollment ends, until Thu 31 Dec 2026\n"
        "\n"
        "Mended (1)\n"
        "- C-3, PT: not enrolled\n"
        "\n"
        "Open Coverage gaps in Caseapp for what mends each of them.\n"
    )


def test_a_long_list_is_cut_and_counted() -> None:
    new = [NOBODY] * (digest_text.MOST + 3)
    _, text = digest_message(digest(new, [], None), "Willow Creek", ZONE)
    assert text.count("- C-1") == digest_text.MOST
    assert "- and 3 more\n" in text

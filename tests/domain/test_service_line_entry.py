import pytest

from caseapp.domain.service_line_entry import LineEntry, LineUse, LineValues, judge_line, judge_removal

MUSIC = LineEntry(code=" MUS ", name=" Music Therapy ")


def told(entry: LineEntry, **holders: str) -> list[tuple[str, str | None]]:
    return [(finding.code, finding.field) for finding in judge_line(entry, holders).errors]


def test_what_is_typed_is_read_without_the_blanks_around_it() -> None:
    judged = judge_line(MUSIC, {"ABA": "Applied Behavior Analysis"})

    assert judged.errors == ()
    assert judged.values == LineValues(code="MUS", name="Music Therapy")
    assert judged.values.entry == LineEntry(code="MUS", name="Music Therapy")


def test_all_that_is_missing_is_told_at_once() -> None:
    assert told(LineEntry()) == [("required", "code"), ("required", "name")]


def test_a_doubled_code_says_whose_it_is() -> None:
    (finding,) = judge_line(MUSIC, {"MUS": "Music in Groups"}).errors

    assert finding.message == "MUS is the code of Music in Groups. Choose another."


@pytest.mark.parametrize(
    ("code", "words"),
    [
        ("M;S", "The code holds a semicolon, which parts codes in practice files. Leave it out."),
        ("M\u202eS", "The code holds a character that is not seen. Type it without that one."),
        ("M\nS", "The code holds a character that is not text. Type it without that one."),
        ("M" * 21, "The code has 21 characters; at most 20 are kept. Shorten it."),
    ],
)
def test_a_code_that_no_practice_file_could_hold_is_refused_in_one_sentence(code: str, words: str) -> None:
    assert [f.message for f in judge_line(LineEntry(code=code, name="Music"), {}).errors] == [words]


def test_what_nothing_uses_may_be_removed() -> None:
    assert judge_removal("MUS", LineUse(most=1_000)) is None


@pytest.mark.parametrize(
    ("use", "words"),
    [
        (LineUse(most=1_000, clients=1), "MUS is used by 1 client, so it stays."),
        (
            LineUse(most=1_000, clients=1_001, clinicians=2, appointments=1_000),
            "MUS is used by more than 1,000 clients, 2 clinicians and 1,000 appointments, so it stays.",
        ),
        (
            LineUse(most=1_000, case_managers=3, removed_case_managers=1),
            "MUS is used by 3 case managers and 1 removed case manager that the history keeps, so it stays.",
        ),
    ],
)
def test_what_is_used_stays_and_one_sentence_says_by_what(use: LineUse, words: str) -> None:
    finding = judge_removal("MUS", use)

    assert finding is not None
    assert (finding.code, finding.message) == ("in_use", words)

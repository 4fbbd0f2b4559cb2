from caseapp.domain.caseload import Caseload
from caseapp.web.caseload_picture import Bar, bars, drawn


def test_all_bars_are_on_the_scale_of_the_largest() -> None:
    assert bars([Caseload(10, 20), Caseload(15, 10), Caseload(5, None)]) == [
        Bar(49.4, 0.0, 98.8),
        Bar(49.4, 24.7, 49.4),
        Bar(24.7, 0.0, None),
    ]


def test_with_nothing_to_draw_there_is_no_division_by_nothing() -> None:
    assert bars([]) == []
    assert bars([Caseload(0, 0), Caseload(0, None)]) == [Bar(0.0, 0.0, 0.0), Bar(0.0, 0.0, None)]


def test_an_empty_part_is_not_drawn() -> None:
    assert drawn(Bar(0.0, 0.0, None)).count("<rect") == 0
    assert drawn(Bar(10.0, 5.0, 10.0)).count("<rect") == 4

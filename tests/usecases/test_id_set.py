from hypothesis import given
from hypothesis import strategies as st

from caseapp.usecases.id_set import IdSet


@given(st.lists(st.integers(1, 100_000)))
def test_it_behaves_like_a_set(numbers: list[int]) -> None:
    ids = IdSet()
    ids.update(numbers)

    assert list(ids) == sorted(set(numbers))
    assert len(ids) == len(set(numbers))
    assert all(number in ids for number in numbers)
    assert 100_001 not in ids

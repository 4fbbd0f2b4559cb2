"""The garbage collector rests for a while and works again afterwards."""

import gc

import pytest

from caseapp.usecases.collecting import no_collecting


def test_the_collector_rests_within_and_works_afterwards() -> None:
    with no_collecting():
        assert not gc.isenabled()
    assert gc.isenabled()


def test_after_a_failure_it_works_again() -> None:
    with pytest.raises(KeyError), no_collecting():
        raise KeyError
    assert gc.isenabled()


def test_within_another_the_outer_one_ends_the_rest() -> None:
    with no_collecting():
        with no_collecting():
            pass
        assert not gc.isenabled()
    assert gc.isenabled()


def test_who_runs_without_a_collector_gets_none() -> None:
    gc.disable()
    try:
        with no_collecting():
            pass
        assert not gc.isenabled()
    finally:
        gc.enable()

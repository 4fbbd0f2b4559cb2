from datetime import UTC, datetime, timedelta

import pytest

from caseapp.domain.sign_in import (
    Scope,
    address_key,
    has_run_out,
    is_worth_noting,
    username_key,
    wait_until,
    wait_words,
)

NOW = datetime(2026, 11, 22, 17, tzinfo=UTC)
IDLE, LENGTH = timedelta(minutes=15), timedelta(hours=12)


@pytest.mark.parametrize(
    ("scope", "failures", "seconds"),
    [
        ("account", 4, None),
        ("account", 5, 30),
        ("account", 6, 60),
        ("account", 9, 480),
        ("account", 10, 900),
        ("account", 10**6, 900),
        ("address", 99, None),
        ("address", 100, 30),
    ],
)
def test_each_failure_after_the_free_ones_doubles_the_wait(
    scope: Scope, failures: int, seconds: int | None
) -> None:
    until = wait_until(scope, failures, NOW)

    assert until == (NOW + timedelta(seconds=seconds) if seconds else None)


@pytest.mark.parametrize(
    ("unused", "old", "over"),
    [(0, 0, False), (899, 3600, False), (900, 3600, True), (0, 43199, False), (0, 43200, True)],
)
def test_a_sign_in_is_over_when_unused_or_old(unused: int, old: int, over: bool) -> None:
    began, seen = NOW - timedelta(seconds=old), NOW - timedelta(seconds=unused)

    assert has_run_out(began, seen, NOW, IDLE, LENGTH) is over


def test_a_use_is_noted_once_in_a_while() -> None:
    assert not is_worth_noting(NOW - timedelta(seconds=59), NOW, IDLE)
    assert is_worth_noting(NOW - timedelta(seconds=60), NOW, IDLE)


@pytest.mark.parametrize(
    ("seconds", "words"),
    [(0, "a few seconds"), (30, "30 seconds"), (60, "a minute"), (61, "2 minutes"), (900, "15 minutes")],
)
def test_a_wait_is_told_in_words(seconds: int, words: str) -> None:
    assert wait_words(NOW + timedelta(seconds=seconds), NOW) == words


def test_a_user_name_is_folded() -> None:
    assert username_key("  Dana.RUIZ ") == username_key("dana.ruiz") == "dana.ruiz"
    assert username_key("L\u00e9a") == username_key("le\u0301a")


@pytest.mark.parametrize(
    ("address", "key"),
    [
        ("10.0.0.7", "10.0.0.7"),
        ("::ffff:10.0.0.7", "10.0.0.7"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::"),
        ("2001:db8:1:2::9", "2001:db8:1:2::"),
        ("2001:db8:1:3::9", "2001:db8:1:3::"),
        ("fe80::1%eth0", "fe80::"),
        ("", ""),
        ("unix", "unix"),
    ],
)
def test_attempts_are_counted_by_what_one_computer_cannot_change(address: str, key: str) -> None:
    assert address_key(address) == key

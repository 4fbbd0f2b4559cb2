"""The log is JSON lines, and tells what happened and where without what anybody typed."""

import io
import json
import logging
from typing import Any

import pytest
from flask import Flask

from caseapp import logs
from caseapp.web.request_log import about_request

NAME = "Zzyzx Quagmire"


def written(name: str, message: str, *args: object, error: BaseException | None = None) -> dict[str, Any]:
    """What one call of a logger leaves in the log."""
    stream = io.StringIO()
    handler = logging.StreamHandler(stream)
    handler.setFormatter(logs.JsonLines(about_request))
    logger = logging.Logger(name)  # one of its own, that no other test hears
    logger.addHandler(handler)
    logger.warning(message, *args, exc_info=error)
    line: dict[str, Any] = json.loads(stream.getvalue())
    assert stream.getvalue().count("\n") == 1
    return line


def test_a_line_says_what_where_and_how_grave() -> None:
    line = written("caseapp.sealing", "Sealed %d\nevents.", 7)
    assert (line["level"], line["logger"], line["message"]) == (
        "warning",
        "caseapp.sealing",
        "Sealed 7\nevents.",
    )
    assert line["where"].startswith("test_logs:")
    assert line["at"].endswith("+00:00")
    assert "request" not in line


def test_within_a_request_its_number_and_address_without_values_are_told(app: Flask) -> None:
    with app.test_request_context("/welcome/secret?q=Zzyzx", method="POST"):
        line = written("caseapp", "Odd.")
    assert (line["method"], line["address"]) == ("POST", "/welcome/<token>")
    assert len(line["request"]) == 16
    assert "secret" not in str(line)
    with app.test_request_context("/nowhere/Zzyzx"):
        assert written("caseapp", "Odd.")["address"] is None


@pytest.mark.parametrize(
    ("message", "args", "told"),
    [
        ("Cannot serve %s to %s", ("/clients", NAME), "Cannot serve %s to %s"),
        (f"Exception while serving /clients/{NAME.split()[0]}", (), "Exception while serving …"),
        (f"Bad value '{NAME}'", (), "Bad value …"),
    ],
)
def test_what_a_library_says_is_told_without_values(message: str, args: tuple[str, ...], told: str) -> None:
    assert written("waitress", message, *args)["message"] == told


def test_an_exception_is_told_with_its_kind_and_way_and_without_its_words() -> None:
    def fails() -> None:
        raise ValueError(NAME)

    try:
        try:
            fails()
        except ValueError as error:
            raise RuntimeError(NAME) from error
    except RuntimeError as error:
        line = written("sqlalchemy.pool", "Exception during reset", error=error)
    assert [told["type"] for told in line["exception"]] == ["RuntimeError", "ValueError"]
    assert line["exception"][1]["frames"][-1].endswith(" fails")
    assert NAME not in json.dumps(line)


def test_a_chain_of_exceptions_that_bites_its_tail_is_told_once() -> None:
    one, other = ValueError(NAME), KeyError(NAME)
    one.__context__, other.__context__ = other, one
    assert [told["type"] for told in written("caseapp", "Odd.", error=one)["exception"]] == [
        "ValueError",
        "KeyError",
    ]
    hidden = ValueError(NAME)
    hidden.__context__, hidden.__suppress_context__ = KeyError(NAME), True
    assert len(written("caseapp", "Odd.", error=hidden)["exception"]) == 1


@pytest.mark.parametrize(("level", "heard"), [("warning", False), ("info", True)])
def test_the_level_is_of_our_own_lines(level: str, heard: bool, capfd: pytest.CaptureFixture[str]) -> None:
    root, ours = logging.getLogger(), logging.getLogger("caseapp")
    before = root.handlers[:], root.level, ours.level
    try:
        logs.set_up(level)
        logging.getLogger("caseapp.sealing").info("Sealed.")
        logging.getLogger("waitress").info("Serving.")
        logging.getLogger("waitress").warning("Slow.")
    finally:
        root.handlers[:], root.level = before[:2]
        ours.setLevel(before[2])
    lines = [json.loads(line)["message"] for line in capfd.readouterr().err.splitlines()]
    assert lines == ["Sealed."] * heard + ["Slow."]

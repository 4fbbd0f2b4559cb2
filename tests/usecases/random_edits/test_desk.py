"""The desk of the property tests does all that anybody can do."""

import ast
import inspect
import pkgutil
import sys
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import event, select
from sqlalchemy.orm import Session

import caseapp.usecases
from caseapp.domain.history import ACTIONS
from caseapp.models import AuditEvent, engine
from caseapp.usecases.demo import load_demo
from tests.conftest import NOW
from tests.databases import ONE_DATABASE
from tests.usecases.importing import PRACTICE, bring_in, write_out
from tests.usecases.random_edits.desk import THINGS, Desk

pytestmark = ONE_DATABASE

# Who may come in and what is on record of it: no facts of the practice, and no work at its desk.
OF_ACCOUNTS = {
    "access_event",
    "api_token",
    "emergency_access",
    "kept_form",
    "known_user",
    "one_time_link",
    "own_account",
    "provided_user",
    "seal",
    "seal_archive",
    "second_factor",
    "sign_in",
    "signed_in",
    "user_account",
    "user_session",
}

OF_THE_RECORD = {"archive", "emergency_begun", "emergency_ended", "import_begun"}


def writers() -> dict[str, set[str]]:
    """By module, the functions of the use-cases that begin to write facts of the practice."""
    found: dict[str, set[str]] = {}
    for module in pkgutil.iter_modules(caseapp.usecases.__path__):
        tree = ast.parse(inspect.getsource(import_module(f"caseapp.usecases.{module.name}")))
        for function in ast.walk(tree):
            if isinstance(function, ast.FunctionDef) and any(map(_begins, function.body)):
                found.setdefault(module.name, set()).add(function.name)
    assert set(found) >= OF_ACCOUNTS
    return {name: functions for name, functions in found.items() if name not in OF_ACCOUNTS}


def _begins(statement: ast.stmt) -> bool:
    call = statement.value if isinstance(statement, ast.Expr) else None
    return isinstance(call, ast.Call) and getattr(call.func, "id", "") == "begin_write"


def test_the_desk_saves_by_every_use_case_that_writes(
    session: Session, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    load_demo(session, NOW.date(), PRACTICE, NOW)
    session.commit()
    all_writers = writers()
    writing: list[tuple[str, str]] = []
    saved: set[tuple[str, str]] = set()

    def noted(session: Session) -> None:
        caller = sys._getframe(1).f_code
        writing[:] = [(Path(caller.co_filename).stem, caller.co_name)]
        engine.begin_write(session)

    for module in pkgutil.iter_modules(caseapp.usecases.__path__):
        loaded = import_module(f"caseapp.usecases.{module.name}")
        if hasattr(loaded, "begin_write") and module.name not in OF_ACCOUNTS:
            assert module.name in all_writers, f"{module.name} begins to write where no test looks"
            monkeypatch.setattr(loaded, "begin_write", noted)
    event.listen(session, "after_commit", lambda _: saved.update(writing))

    desk = Desk(session, NOW, PRACTICE, 1)
    desk.work(900)
    # Files are no work at the desk, and have properties of their own.
    bring_in(session, changed(write_out(session, tmp_path / "out")))

    assert saved == {(name, function) for name, functions in all_writers.items() for function in functions}
    assert acts(session) >= set(ACTIONS) - OF_THE_RECORD


def changed(folder: Path) -> Path:
    file = folder / "service_lines.csv"
    file.write_text(file.read_text(encoding="utf-8") + "NEW,A line of its own\n", encoding="utf-8")
    return folder


def acts(session: Session) -> set[Any]:
    return set(session.scalars(select(AuditEvent.action).distinct()))


def test_each_thing_is_done_by_its_name(session: Session) -> None:
    load_demo(session, NOW.date(), PRACTICE, NOW)
    session.commit()
    desk = Desk(session, NOW, PRACTICE, 2)

    for name in THINGS:
        for _ in range(60):
            before = desk.saved
            desk.do(name)
            if desk.saved > before:
                break
        assert desk.saved > before, f"could never {name}"

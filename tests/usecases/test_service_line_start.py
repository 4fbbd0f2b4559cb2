"""A practice that is served for the first time begins with the usual service lines; no other one does."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC
from pathlib import Path

import pytest
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from caseapp.config import Settings, sqlite_url
from caseapp.domain.actor import LOCAL_USER
from caseapp.domain.service_line import USUAL
from caseapp.models import AuditEvent, ServiceLine, begin_write
from caseapp.practices import PracticeSwitch, open_app, open_for_serving, opened
from caseapp.usecases import audit, service_line_start
from tests import builders
from tests.closing_apps import closing_apps
from tests.conftest import NOW
from tests.databases import ONE_DATABASE

AT = NOW.astimezone(UTC)


@pytest.fixture(autouse=True)
def _apps_closed() -> Iterator[None]:
    with closing_apps():
        yield


def lines(session: Session) -> dict[str, str]:
    session.rollback()
    return {row.code: row.name for row in session.execute(select(ServiceLine.code, ServiceLine.name))}


def begin(session: Session) -> None:
    service_line_start.begin_with_usual_lines(session, LOCAL_USER, AT)


def test_served_for_the_first_time_it_has_the_usual_lines_each_on_record(
    settings: Settings, session: Session
) -> None:
    open_app(settings)

    assert lines(session) == USUAL
    of_lines = select(AuditEvent).where(AuditEvent.entity == "service_line").order_by(AuditEvent.id)
    events = session.scalars(of_lines).all()
    assert [(e.action, e.entity, e.after) for e in events] == [
        ("add", "service_line", {"code": code, "name": name, "version": 1}) for code, name in USUAL.items()
    ]
    assert {e.reason for e in events} == {"The usual service lines of a new practice"}
    assert {e.entity_id for e in events} == set(session.scalars(select(ServiceLine.public_id)))


def test_served_again_nothing_is_added_also_where_all_were_removed(
    settings: Settings, session: Session
) -> None:
    open_app(settings)
    begin_write(session)
    session.query(ServiceLine).delete()
    session.commit()

    open_app(settings)

    assert lines(session) == {}


def test_a_practice_that_only_imported_is_left_as_it_is(settings: Settings, session: Session) -> None:
    begin_write(session)
    audit.record(session, LOCAL_USER, AT, "import", "practice", None)
    session.commit()

    open_app(settings)

    assert lines(session) == {}


def test_a_practice_with_lines_of_its_own_is_left_as_it_is(settings: Settings, session: Session) -> None:
    builders.a_service_line(session, "MUS", name="Music Therapy")

    open_app(settings)

    assert lines(session) == {"MUS": "Music Therapy"}


def test_opened_by_a_command_it_stays_empty(settings: Settings) -> None:
    with opened(settings) as session:
        assert lines(session) == {}


def test_servers_that_start_at_once_add_them_once(engine: Engine) -> None:
    def start() -> None:
        with Session(engine) as session:
            begin(session)

    with ThreadPoolExecutor(4) as pool:
        for started in [pool.submit(start) for _ in range(4)]:
            started.result()

    with Session(engine) as session:
        begin(session)
        assert lines(session) == USUAL
        assert len(session.scalars(select(AuditEvent.id)).all()) == len(USUAL)


def test_who_did_not_see_that_another_was_faster_adds_nothing(
    session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    begin(session)
    real, asked = service_line_start._has_begun, [False, False]
    monkeypatch.setattr(service_line_start, "_has_begun", lambda s: asked.pop() if asked else real(s))

    begin(session)

    assert lines(session) == USUAL
    assert len(session.scalars(select(AuditEvent.id)).all()) == len(USUAL)


@ONE_DATABASE
def test_where_another_writer_has_the_database_nothing_is_added(engine: Engine, session: Session) -> None:
    with Session(engine) as other:
        begin_write(other)
        begin(session)
        other.rollback()

    assert lines(session) == {}


@pytest.mark.parametrize("button", [False, True], ids=["--empty", "Start my own practice"])
def test_an_own_practice_begins_with_them_however_it_is_started(tmp_path: Path, button: bool) -> None:
    settings = Settings.from_env({}, data_dir=tmp_path / "data", now=NOW)
    app = open_for_serving(settings, demo=False, empty=not button)
    if isinstance(app, PracticeSwitch):
        app.start_own_practice()

    own = replace(settings, database_url=sqlite_url(settings.data_dir / "caseapp.db"))
    with opened(own) as session:
        assert lines(session) == USUAL

"""Findings judged under other settings are judged anew before they are read."""

from dataclasses import replace
from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from caseapp.domain.practice import Practice
from caseapp.models import AuditEvent, begin_write
from caseapp.usecases.coverage_gap import refresh_all_due
from caseapp.usecases.coverage_settings import follow_settings
from tests.conftest import NOW, ZONE
from tests.databases import ONE_DATABASE
from tests.usecases.client_desk import rows
from tests.usecases.save_desk import PRACTICE, TODAY, Desk, a_desk

LONGER = replace(PRACTICE, notice=timedelta(hours=48))


@pytest.fixture
def desk(session: Session) -> Desk:
    desk = a_desk(session)
    follow_settings(session, NOW, PRACTICE)
    refresh_all_due(session, TODAY, PRACTICE)
    return desk


def settings_told(desk: Desk) -> list[tuple[object, object]]:
    found = rows(desk, AuditEvent, entity="practice")
    return [(event.before, event.after) for event in found]


def test_the_same_settings_again_write_nothing(desk: Desk) -> None:
    assert not follow_settings(desk.session, NOW, PRACTICE)
    assert refresh_all_due(desk.session, TODAY, PRACTICE) == 0
    assert settings_told(desk) == [(None, {"timezone": "America/New_York", "notice_hours": 24.0})]


@pytest.mark.parametrize("changed", [LONGER, Practice(ZoneInfo("America/Los_Angeles"))])
def test_after_a_change_everybody_is_judged_anew_once(desk: Desk, changed: Practice) -> None:
    assert follow_settings(desk.session, NOW, changed)
    assert refresh_all_due(desk.session, TODAY, changed) == 1
    assert refresh_all_due(desk.session, TODAY, changed) == 0
    before, after = settings_told(desk)[-1]
    assert before == {"timezone": ZONE.key, "notice_hours": 24.0}
    assert after == {
        "timezone": changed.zone.key,
        "notice_hours": changed.notice.total_seconds() / 3600,
    }


@ONE_DATABASE
def test_beside_another_writer_it_is_left_to_the_next_start(desk: Desk, engine: Engine) -> None:
    with Session(engine) as other:
        begin_write(other)
        assert not follow_settings(desk.session, NOW, LONGER)
        other.rollback()
    assert len(desk.session.scalars(select(AuditEvent.id)).all()) == 1
    assert follow_settings(desk.session, NOW, LONGER)

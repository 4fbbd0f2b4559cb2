"""The running server seals by itself, and nothing that goes wrong there ends it."""

import logging
import threading

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from caseapp import sealing
from caseapp.models import AccessEvent, AuditSeal, begin_write
from caseapp.sealing import Sealing
from caseapp.usecases.seal_check import check
from tests.databases import ONE_DATABASE
from tests.usecases.sealing import put_down
from tests.web.desk import Scene, a_scene


def test_what_is_on_record_is_sealed_at_the_start_and_again(
    app: Flask, session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    put_down(session)
    rounds, enough = [0], threading.Event()
    seal = sealing.seal

    def counting(served: Flask) -> None:
        seal(served)
        rounds[0] += 1
        if rounds[0] == 2:
            enough.set()

    monkeypatch.setattr(sealing, "seal", counting)
    running = Sealing(lambda: app, every=0.001)
    running.start()
    assert enough.wait(30)
    running.stop()
    session.rollback()
    assert check(session).broken is None
    assert check(session).events == 6


def test_a_seal_stands_in_the_log_with_its_hash(
    app: Flask, session: Session, caplog: pytest.LogCaptureFixture
) -> None:
    put_down(session)
    with caplog.at_level(logging.INFO, "caseapp.sealing"):
        sealing.seal(app)
        sealing.seal(app)
    session.rollback()
    kept = session.execute(select(AuditSeal.hash).order_by(AuditSeal.id.desc())).scalars().first()
    assert caplog.messages == [f"Sealed 6 events; seal 2 is {kept}."]


def test_what_fails_is_told_and_tried_again(
    app: Flask, session: Session, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    put_down(session)

    def fail(*_: object) -> None:
        raise OperationalError("UPDATE Harper", {}, Exception("locked"))

    with monkeypatch.context() as patch:
        patch.setattr(sealing, "seal_new", fail)
        sealing.seal(app)
    assert caplog.messages == ["The record could not be sealed now (OperationalError); it is tried again."]
    sealing.seal(app)
    session.rollback()
    assert check(session).events == 6


@ONE_DATABASE
def test_what_still_waits_when_the_server_stops_is_written(
    app: Flask, client: FlaskClient, session: Session
) -> None:
    scene: Scene = a_scene(session)
    session.commit()
    begin_write(session)
    client.get(f"/clients/{scene.milo.public_id}")
    session.rollback()
    assert session.execute(select(AccessEvent.id)).all() == []
    session.rollback()
    running = Sealing(lambda: app)
    running.start()
    running.stop()
    assert session.execute(select(AccessEvent.kind)).scalars().all() == ["viewed"]

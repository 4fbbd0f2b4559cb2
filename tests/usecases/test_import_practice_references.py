import pytest
from sqlalchemy.orm import Session

from caseapp.usecases import import_practice_references
from caseapp.usecases.import_practice_references import References
from tests import builders


def test_clients_are_forgotten_where_they_become_too_many_and_found_again(
    session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(import_practice_references, "_MOST_CLIENTS_KEPT", 1)
    ada, bee, cee = (builders.a_client(session) for _ in range(3))
    references = References(session.connection())

    assert dict(references.ids("client", [ada.key, bee.key])) == {ada.key: ada.id, bee.key: bee.id}
    assert dict(references.ids("client", [bee.key, cee.key, None])) == {bee.key: bee.id, cee.key: cee.id}
    assert references.ids("client", [ada.key])[ada.key] == ada.id

"""How passwords are kept: the other tests hash them cheaply."""

import pytest

from caseapp.web import account_kit
from tests.quick import COSTLY


def test_a_password_is_kept_at_the_cost_that_owasp_recommends(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(account_kit, "_ARGON2", COSTLY)
    kit = account_kit.FlaskSecurityKit("a key for tests, which keeps no secret")

    kept = kit.hash("nine quiet tall herons")

    assert kept.startswith("$argon2id$v=19$m=19456,t=2,p=1$")
    assert kit.verify("nine quiet tall herons", kept)
    assert not kit.verify("nine quiet tall heron", kept)

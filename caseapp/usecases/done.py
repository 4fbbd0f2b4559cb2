"""What a form has saved already: so that it saves once, however often it is sent."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from caseapp.models import AuditEvent


@dataclass(frozen=True, slots=True)
class Done:
    """The record that a form saved, and its whole values then."""

    entity: str
    public_id: str
    subject_id: str | None
    values: Mapping[str, Any]

    def is_of(
        self, entity: str, public_id: str | None, asked: Mapping[str, Any], *, subject_id: str | None = None
    ) -> bool:
        """The same press of Save once more, and not the form with other values or for another record."""
        return (
            self.entity == entity
            and public_id in (None, self.public_id)
            and subject_id in (None, self.subject_id)
            and asked.items() <= self.values.items()
        )


def done_by(session: Session, form_token: str | None) -> Done | None:
    """What the form with this token has saved, None where it has not."""
    if not form_token:
        return None
    row = session.execute(
        select(AuditEvent.entity, AuditEvent.entity_id, AuditEvent.subject_id, AuditEvent.after).where(
            AuditEvent.form_token == form_token
        )
    ).one_or_none()
    return Done(row.entity, row.entity_id or "", row.subject_id, row.after or {}) if row else None

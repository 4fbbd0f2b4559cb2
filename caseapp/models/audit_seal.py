"""Seals chain what is on record, batch after batch; an archive is where the oldest of them went."""

from datetime import datetime

from sqlalchemy import Index, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from caseapp.domain.seal import STREAMS
from caseapp.models.append_only import append_only
from caseapp.models.base import Base, Instant, TableArguments, binary_text, one_of

DIGEST_LENGTH = 64


class AuditSeal(Base):
    """The seal number `id` over the events of one table whose ids lie after `after_id`, up to `last_id`.

    `digests` has 36 bytes for each event, in their order: how far its id is from `after_id`, and its digest.
    `hash` covers all of it and the hash of the seal before (domain/seal.py). `last_at` is the latest instant
    among the events.
    """

    __tablename__ = "audit_seal"
    __table_args__: TableArguments = (one_of("stream", STREAMS), Index(None, "stream", "id"))

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    stream: Mapped[str] = mapped_column(String(20))
    after_id: Mapped[int]
    last_id: Mapped[int]
    count: Mapped[int]
    last_at: Mapped[datetime] = mapped_column(Instant)
    digests: Mapped[bytes] = mapped_column(LargeBinary)
    hash: Mapped[str] = mapped_column(binary_text(DIGEST_LENGTH))
    at: Mapped[datetime] = mapped_column(Instant)


class AuditArchive(Base):
    """What was moved out: every seal up to `last_seal`, whose hash is `hash`, and the events that they cover.

    Its row is what lets them be taken away (models/append_only.py).
    """

    __tablename__ = "audit_archive"

    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime] = mapped_column(Instant)
    last_seal: Mapped[int]
    hash: Mapped[str] = mapped_column(binary_text(DIGEST_LENGTH))
    last_audit_event: Mapped[int]
    last_access_event: Mapped[int]


append_only(AuditSeal.__table__)
append_only(AuditArchive.__table__, archives=False)

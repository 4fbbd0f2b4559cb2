"""Clients, and the terms by which they are found."""

from datetime import date

from sqlalchemy import ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from caseapp.models.base import (
    NUMBER_LENGTH,
    SORT_KEY_LENGTH,
    TERM_LENGTH,
    Base,
    Public,
    Recorded,
    TableArguments,
    binary_text,
    one_of,
)

CLIENT_STATUSES = ("active", "on_hold", "discharged")


class Client(Recorded, Public, Base):
    """The person who receives services. `sort_key` is the folded name by which lists are ordered."""

    __tablename__ = "client"
    __table_args__: TableArguments = (
        one_of("status", CLIENT_STATUSES),
        # The keyset of the list, with and without a status.
        Index(None, "status", "sort_key", "id"),
        Index(None, "sort_key", "id"),
    )

    number: Mapped[str] = mapped_column(binary_text(NUMBER_LENGTH), unique=True)
    last_name: Mapped[str] = mapped_column(Text)
    first_name: Mapped[str] = mapped_column(Text)
    preferred_name: Mapped[str | None] = mapped_column(Text)
    date_of_birth: Mapped[date | None]
    status: Mapped[str] = mapped_column(String(20))
    external_id: Mapped[str | None] = mapped_column(binary_text(NUMBER_LENGTH), unique=True)
    sort_key: Mapped[str] = mapped_column(binary_text(SORT_KEY_LENGTH))


class ClientTerm(Base):
    """One prefix of one word of a client, or `#CODE` of a service line that the client ever received.

    Derived from the client. The primary key is the search: one term is one range of it, in the list's order,
    however many clients there are. The second index serves the rewriting of a client's terms.
    """

    __tablename__ = "client_term"
    __table_args__: TableArguments = (Index(None, "client_id"), {"sqlite_with_rowid": False})

    term: Mapped[str] = mapped_column(binary_text(TERM_LENGTH), primary_key=True)
    sort_key: Mapped[str] = mapped_column(binary_text(SORT_KEY_LENGTH), primary_key=True)
    client_id: Mapped[int] = mapped_column(ForeignKey("client.id"), primary_key=True)

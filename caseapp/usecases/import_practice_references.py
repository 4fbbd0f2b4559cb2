"""From the codes and numbers that practice files hold to the ids of the rows that they name."""

from collections.abc import Collection, Mapping

from sqlalchemy import Connection, select

from caseapp.formats.values import shown
from caseapp.models import Client, Clinician, Payor, ServiceLine
from caseapp.usecases.import_practice_tables import Reference

_MOST_CLIENTS_KEPT = 50_000
_NAMED_BY = {
    "client": (Client.number, Client.id),
    "clinician": (Clinician.number, Clinician.id),
    "payor": (Payor.code, Payor.id),
    "service_line": (ServiceLine.code, ServiceLine.id),
}


class References:
    """Finds ids by code. What a practice has few of is read once; clients as the blocks name them."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._ids: dict[str, dict[str, int]] = {"client": {}}

    def forget(self, kind: str) -> None:
        """Rows of this kind were added: read them again when they are asked for."""
        if kind != "client":
            self._ids.pop(kind, None)

    def ids(self, kind: Reference, codes: Collection[str | None]) -> Mapping[str, int]:
        """Ids by code, of at least those of `codes` that the practice knows."""
        known = self._ids.get(kind)
        code, number = _NAMED_BY[kind]
        if known is None:
            known = self._ids[kind] = {
                row[0]: row[1] for row in self._connection.execute(select(code, number))
            }
        elif kind == "client":
            missing = {code for code in codes if code is not None and code not in known}
            if missing:
                if len(known) > _MOST_CLIENTS_KEPT:
                    known.clear()
                    missing = {code for code in codes if code is not None}
                rows = self._connection.execute(select(code, number).where(code.in_(missing)))
                known.update((found, row_id) for found, row_id in rows)
        return known

    def names(self, kind: Reference, row_ids: Collection[int | None]) -> Mapping[int, str]:
        """The way back, for what is told to people: codes by id, of at least these."""
        if kind != "client":
            return {row_id: code for code, row_id in self.ids(kind, ()).items()}
        code, number = _NAMED_BY[kind]
        rows = self._connection.execute(select(number, code).where(number.in_(set(row_ids))))
        return {row[0]: row[1] for row in rows}

    @staticmethod
    def unknown(kind: Reference, code: str) -> str:
        return f"{shown(code)} is not a {kind.replace('_', ' ')} of this practice."

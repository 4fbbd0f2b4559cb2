"""Whom the requests ask for, chosen from the practice at hand, the same at each run."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import text

from caseapp.extensions import db

MANY = 300
USUAL = 60
"""So many case managers, past ones as well, a clinician of a usual caseload has at most."""


@dataclass(frozen=True, slots=True)
class ChosenClinicians:
    """`ids`; `leavers`: those with a last day; `applied`: (clinician, enrollment) in process."""

    ids: list[str]
    leavers: list[str]
    applied: list[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Chosen:
    """Public IDs, but for what is said.

    `clients`: (client, last name) of active ones; `edits`: (client, open case manager); `deep`: the place
    behind which the last full page of clients begins; `names` are last names of clinicians; `usual` have a
    usual caseload, `crowded` (perhaps nobody) one that no real clinician has.
    """

    clients: list[Any]
    edits: list[Any]
    deep: str
    names: list[str]
    usual: ChosenClinicians
    crowded: ChosenClinicians
    payors: list[str]


def choose() -> Chosen:
    """Within an application context."""
    query = db.session.execute
    (count,) = query(text("SELECT COUNT(*) FROM client")).one()
    deep = query(
        # The last page that is full: of 70 clients more than 50 are active.
        text("SELECT sort_key, id FROM client ORDER BY sort_key DESC LIMIT 1 OFFSET :place"),
        {"place": min(70, count // 2)},
    ).one()
    clients = query(
        text(
            "SELECT client.public_id, client.last_name FROM client WHERE status = 'active' "
            "ORDER BY client.public_id LIMIT :most"
        ),
        {"most": MANY},
    ).all()
    edits = query(
        text(
            "SELECT client.public_id, case_manager.public_id FROM case_manager "
            "JOIN client ON client.id = case_manager.client_id "
            "WHERE client.status = 'active' AND case_manager.end_date IS NULL "
            "ORDER BY case_manager.public_id LIMIT :most"
        ),
        {"most": MANY},
    ).all()
    clinicians = query(
        text(
            "SELECT public_id, last_name, active_to, "
            "(SELECT COUNT(*) FROM case_manager WHERE clinician_id = clinician.id) AS held "
            "FROM clinician ORDER BY public_id LIMIT :most"
        ),
        {"most": MANY},
    ).all()
    payors = query(text("SELECT public_id FROM payor WHERE requires_enrollment ORDER BY public_id")).all()
    applied = query(
        text(
            "SELECT clinician.public_id, enrollment.public_id FROM enrollment "
            "JOIN clinician ON clinician.id = enrollment.clinician_id "
            "WHERE enrollment.status = 'in_process' AND clinician.may_be_case_manager "
            "ORDER BY enrollment.public_id"
        )
    ).all()
    db.session.remove()
    held = {row.public_id: row.held for row in clinicians}

    def those(much: Callable[[int], bool]) -> ChosenClinicians:
        mine = [row for row in clinicians if much(row.held)]
        leavers = [row.public_id for row in mine if row.active_to]
        return ChosenClinicians(
            [row.public_id for row in mine],
            leavers,
            [(row[0], row[1]) for row in applied if much(held[row[0]])],
        )

    return Chosen(
        list(clients),
        list(edits),
        f"{deep.id}~{deep.sort_key}",
        [row.last_name for row in clinicians],
        those(lambda number: 0 < number <= USUAL),
        those(lambda number: number > USUAL),
        [row[0] for row in payors],
    )

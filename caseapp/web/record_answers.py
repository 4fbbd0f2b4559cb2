"""How the form of any record is answered: a page, a dialog or the row's place, refused with 422."""

from dataclasses import dataclass
from typing import Any

from flask import Response

from caseapp.forms.strict import StrictForm
from caseapp.usecases.client_page import ClientHead
from caseapp.web import hx


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """What a record's form says and where it leads.

    `row` is the id of the table row that an edit takes the place of (None: adding, in a dialog),
    `row_address` answers that row again, `columns` is the table's number of columns. `extra` is a template
    with more to draw, `intro` are sentences above the fields; `danger` marks the button of what takes away.
    `missing` is service_line or payor where the practice has none yet to choose from.
    """

    form_id: str
    title: str
    save: str
    cancel: str
    about: str = ""
    section: str = ""
    heading: str = ""
    row: str | None = None
    row_address: str = ""
    columns: int = 6
    extra: str | None = None
    save_words: str = "Save"
    intro: tuple[str, ...] = ()
    danger: bool = False
    missing: str = ""


def form(
    sheet: Sheet,
    drawn: StrictForm,
    *,
    client: ClientHead | None = None,
    tab: str = "",
    status: int = 200,
    **context: Any,
) -> Response:
    """The form, under a client's tabs where `client` is given; refused, the form alone comes back."""
    opens = not drawn.is_submitted()
    fragment = "_form" if not opens else "_form_row" if sheet.row else "_dialog"
    return hx.answer(
        "records/client_page.html" if client else "records/page.html",
        f"records/{fragment}.html",
        status,
        sheet=sheet,
        form=drawn,
        opens=opens,
        client=client,
        tab=tab,
        **context,
    )

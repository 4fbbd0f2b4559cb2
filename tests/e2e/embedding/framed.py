"""Caseapp in a portal's frame: the servers, and the frame of a page."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from playwright.sync_api import Frame, Page, expect
from sqlalchemy import select
from sqlalchemy.orm import Session

from caseapp.config import Settings
from caseapp.models import Client
from caseapp.models.engine import make_engine
from tests.e2e.accounts import Accounts, opened_accounts
from tests.e2e.conftest import Server
from tests.e2e.embedding.conftest import Certificate, served_tls
from tests.e2e.embedding.portal import Portal

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIApplication

NAME = "caseapp.localhost"


@dataclass(frozen=True)
class Framed:
    """Caseapp, the portal that may frame it, and the same on a site that may not."""

    accounts: Accounts
    portal: Server
    stranger: Server
    external_id: str

    @property
    def address(self) -> str:
        """Caseapp's own."""
        return self.accounts.server.address


@contextmanager
def opened_frames(
    settings: Settings,
    demo_database: Path,
    certificate: Certificate,
    around: "Callable[[WSGIApplication], WSGIApplication]" = lambda app: app,
    named: str = "portal.",
    **more: Any,
) -> Iterator[Framed]:
    """With the settings that docs/embedding.md names, and `more`.

    `around` may change how Caseapp answers, `named` how CASEAPP_FRAME_ANCESTORS calls the portal.
    """
    with ExitStack() as stack:
        portal = Portal()
        own = stack.enter_context(served_tls(portal, certificate, "portal.localhost"))
        other = stack.enter_context(served_tls(portal, certificate, "stranger.localhost"))
        ancestors = own.replace("portal.", named)
        given: dict[str, Any] = {"auth": "local", "frame_ancestors": ancestors, "hosts": (NAME,)}
        settings = replace(settings, **given | more)
        app = stack.enter_context(opened_accounts(settings, demo_database))
        portal.caseapp = stack.enter_context(served_tls(around(app), certificate, NAME))
        portal.external_id = _external_id_of(settings, "Harper")
        yield Framed(
            Accounts(Server(portal.caseapp, settings), app),
            Server(own, settings),
            Server(other, settings),
            portal.external_id,
        )


def _external_id_of(settings: Settings, last_name: str) -> str:
    engine = make_engine(settings.database_url)
    with Session(engine) as session:
        found = session.scalars(select(Client.external_id).where(Client.last_name == last_name)).one()
    engine.dispose()
    assert found is not None
    return found


def frame_of(page: Page, name: str) -> Frame:
    """The frame of this name, once it stands in the page."""
    expect(page.locator(f"iframe[name={name}]")).to_be_visible()
    found = page.frame(name=name)
    assert found is not None
    return found

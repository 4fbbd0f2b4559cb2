"""Signing in to a frame with an OpenID provider, which opens a window of its own and brings a code back."""

import re
from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import Page, expect

from caseapp.config import Settings
from tests.e2e import desk
from tests.e2e.embedding.conftest import Certificate, OpenSecurePage, without
from tests.e2e.embedding.framed import frame_of, opened_frames
from tests.openid.provider import CLIENT_ID, CLIENT_SECRET, PASSWORD, OpenIdProvider


def test_somebody_signs_in_to_a_frame_through_a_window_of_its_own(
    settings: Settings,
    demo_database: Path,
    certificate: Certificate,
    open_secure_page: OpenSecurePage,
    axe_findings: Callable[[Page], list[str]],
    complaints: list[str],
    openid_provider: OpenIdProvider,
) -> None:
    with opened_frames(
        settings,
        demo_database,
        certificate,
        auth="oidc",
        oidc_address=openid_provider.address,
        oidc_client_id=CLIENT_ID,
        oidc_client_secret=CLIENT_SECRET,
        oidc_scopes="openid profile groups",
        oidc_groups=(("desk", "office"),),
        oidc_new_users=True,
    ) as framed:
        openid_provider.begin(f"{framed.address}/sign-in/provider/answer")
        openid_provider.knows("1", "robin", "Robin Okafor", ["desk"])
        page = open_secure_page(framed.portal)
        page.goto("/client")
        frame = frame_of(page, "case-managers")
        with page.context.expect_page() as opened:
            frame.get_by_role("link", name="Sign in with your practice's account").click()
        window = opened.value
        window.get_by_label("Username").fill("robin")
        window.get_by_label("Password").fill(PASSWORD)
        window.get_by_role("button", name="Sign in").click()
        window.get_by_role("button", name="Authorize").click()
        expect(window.get_by_role("heading", level=1)).to_have_text("You are signed in")
        assert axe_findings(window) == []
        code = window.locator("#frame-code").inner_text()
        window.close()

        entered = frame.get_by_label("Code from the other window")
        entered.fill("AAAAAA")
        frame.get_by_role("button", name="Go on").click()
        expect(frame.locator("#code-error [data-code=wrong]")).to_be_visible()
        entered.fill(code)
        frame.get_by_role("button", name="Go on").click()
        expect(frame.get_by_role("heading", level=1)).to_have_text("Milo Harper")
        expect(frame.get_by_text("Signed in as Robin Okafor, office")).to_be_visible()
        assert re.search("/embed/clients/by-external-id/", frame.url)
        desk.open_form(frame)
        without(complaints, framed.address)

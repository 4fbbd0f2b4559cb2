"""Take the pictures of the README from the running program: `python docs/pictures.py`.

It needs the packages of the extra `test` and a Chromium, as `python3 app.py test` sets them up.
"""

import os
import shutil
import sys
import tempfile
from dataclasses import replace
from pathlib import Path

from playwright.sync_api import Page, sync_playwright

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE.parent))

from caseapp.config import Settings  # noqa: E402  # the checkout comes first
from caseapp.practices import open_demo  # noqa: E402
from tests.e2e.conftest import CHROMIUM_FLAGS, NOW, served  # noqa: E402

SIZE = {"width": 1280, "height": 760}


def clinical_tab(page: Page) -> None:
    page.goto("/clients")
    page.get_by_label("Search clients").fill("milo harper")
    page.get_by_role("link", name="Harper, Milo").click()
    page.get_by_role("tab", name="Clinical").click()
    page.screenshot(path=HERE / "images" / "clinical-tab.png", full_page=True)


def main() -> None:
    (HERE / "images").mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        settings = Settings.from_env({}, data_dir=Path(folder), now=NOW)
        path = os.environ.get("CHROMIUM") or shutil.which("chromium")
        browser = playwright.chromium.launch(executable_path=path, args=list(CHROMIUM_FLAGS))
        with served(open_demo(settings), replace(settings, demo=True)) as server:
            page = browser.new_context(
                base_url=server.address, viewport=SIZE, device_scale_factor=1
            ).new_page()
            clinical_tab(page)
        browser.close()


if __name__ == "__main__":
    main()

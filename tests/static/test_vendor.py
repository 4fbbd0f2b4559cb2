"""What other people wrote is served exactly as they published it, with their licence beside it."""

import hashlib
import re
from pathlib import Path

import pytest

STATIC = Path(__file__).parent.parent.parent / "caseapp" / "static"
VENDOR = STATIC / "vendor"
SCRIPTS = sorted(VENDOR.glob("*.js"))
# Of the file dist/htmx.min.js in the published package htmx.org 4.0.1.
HTMX = "a0abb04f2f45a1f89d1d4844023245537e5e6014c87b144553e0607b4cc32130"


def test_htmx_is_the_published_file() -> None:
    assert hashlib.sha256((VENDOR / "htmx-4.0.1.min.js").read_bytes()).hexdigest() == HTMX


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda path: path.name)
def test_each_script_has_its_checksum_and_its_licence(script: Path) -> None:
    kept, name = script.with_name(f"{script.name}.sha256").read_text().split()

    assert name == script.name
    assert kept == hashlib.sha256(script.read_bytes()).hexdigest()
    licence = script.with_name(f"{script.name.removesuffix('.min.js')}.LICENSE.txt")
    assert "Permission to use, copy, modify" in licence.read_text()


def test_the_icons_come_with_their_licence() -> None:
    assert "Lucide" in (STATIC / "icons.LICENSE.txt").read_text()


@pytest.mark.parametrize("name", ["caseapp.css", "caseapp.js", "icons.svg", "mark.svg"])
def test_our_own_files_ask_no_other_host(name: str) -> None:
    text = (STATIC / name).read_text()
    addresses = set(re.findall(r"(?:https?:)?//[\w.-]+\.\w+[^\s\"'),]*|data:[^\s\"')]*", text))

    assert addresses <= {"http://www.w3.org/2000/svg", "https://lucide.dev"}


def test_our_own_script_makes_no_code_of_text() -> None:
    script = (STATIC / "caseapp.js").read_text()

    for name in ("eval(", "Function(", "innerHTML", "outerHTML", "insertAdjacentHTML", "document.write"):
        assert name not in script

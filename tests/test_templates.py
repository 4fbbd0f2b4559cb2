"""Every template keeps to the house's rules (docs: STYLE.md)."""

import re
from pathlib import Path

import pytest
from jinja2 import Environment, FileSystemLoader, nodes

ROOT = Path(__file__).parent.parent / "caseapp"
TEMPLATES = ROOT / "templates"
ALL = sorted(path.relative_to(TEMPLATES).as_posix() for path in TEMPLATES.rglob("*.html"))
ICONS = set(re.findall(r'<symbol id="([^"]+)"', (ROOT / "static" / "icons.svg").read_text()))


def text_of(name: str) -> str:
    return (TEMPLATES / name).read_text(encoding="utf-8")


@pytest.mark.parametrize("name", ALL)
def test_a_template_opens_by_saying_what_it_draws(name: str) -> None:
    assert re.match(r"\{#-?\s+\S", text_of(name))


@pytest.mark.parametrize("name", [name for name in ALL if "/_" in name])
def test_a_partial_extends_nothing(name: str) -> None:
    tree = Environment(loader=FileSystemLoader(TEMPLATES), autoescape=True).parse(text_of(name))

    assert not list(tree.find_all(nodes.Extends))


@pytest.mark.parametrize("name", [name for name in ALL if name.startswith("macros/")])
def test_a_file_of_macros_holds_macros_alone(name: str) -> None:
    tree = Environment(autoescape=True).parse(text_of(name))
    outside = [node for node in tree.body if not isinstance(node, nodes.Macro | nodes.FromImport)]

    assert all(isinstance(node, nodes.Output) for node in outside)
    drawn = "".join(part.data for node in outside for part in node.find_all(nodes.TemplateData))
    assert not drawn.strip()


@pytest.mark.parametrize("name", ALL)
def test_a_template_holds_no_script_no_style_and_trusts_no_text(name: str) -> None:
    text = text_of(name)

    for found in (
        "|safe",
        "| safe",
        "hx-on",
        "javascript:",
        " style=",
        "<style",
        "hx-disable",
        "hx-ext",
        'hx-vals="js',
    ):
        assert found not in text, found
    assert not re.search(r"\son[a-z]+=", text)
    assert not re.search(r"<script(?![^>]*\ssrc=)", text)


@pytest.mark.parametrize("name", ALL)
def test_an_icon_that_is_named_is_in_the_sprite(name: str) -> None:
    text = text_of(name)
    named = re.findall(r'icon\("([^"]+)"\)', text) + re.findall(r'icons\.svg"\) }}#([a-z-]+)', text)

    if name != "macros/icon.html":
        assert set(named) <= ICONS

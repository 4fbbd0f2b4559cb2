"""The host's colours and font: what is taken, and that words stay readable whatever is asked for."""

import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import caseapp
from caseapp.web import theme

STYLESHEET = Path(caseapp.__file__).parent / "static" / "caseapp.css"
PALETTES = theme.read_palettes(STYLESHEET.read_text())
COLOURS = st.from_regex(r"[0-9a-f]{6}", fullmatch=True)


def styled(**asked: str) -> str:
    return theme.style(STYLESHEET, tuple(sorted(theme.read_theme(asked).items())))


def told(style: str) -> dict[str, str]:
    return dict(re.findall(r"--([a-z-]+): (#[0-9a-f]+);", style))


def test_both_palettes_stand_in_the_stylesheet() -> None:
    light, dark = PALETTES["light"], PALETTES["dark"]

    assert light["card"] == "#fff"
    assert dark["card"] != light["card"]
    assert set(theme.WORDS) <= set(light) == set(dark)


@pytest.mark.parametrize(
    ("asked", "taken"),
    [
        ({"accent": "0B6E6E"}, {"accent": "0b6e6e"}),
        ({"accent": "#0b6e6e", "background": "ffffff"}, {"accent": "0b6e6e", "background": "ffffff"}),
        ({"font": "georgia", "scheme": "dark"}, {"font": "georgia", "scheme": "dark"}),
        ({"accent": "red"}, {}),
        ({"accent": "0b6e6e;}"}, {}),
        ({"accent": "0b6e6e\n"}, {}),
        ({"accent": "١٢٣٤٥٦"}, {}),
        ({"font": "Comic Sans"}, {}),
        ({"font": "arial;"}, {}),
        ({"scheme": "red"}, {}),
        ({"text": "ffffff", "url": "https://attacker.example"}, {}),
    ],
)
def test_only_a_few_values_are_taken(asked: dict[str, str], taken: dict[str, str]) -> None:
    assert theme.read_theme(asked) == taken


def test_a_theme_that_is_readable_is_taken_as_it_is() -> None:
    colours = told(styled(accent="7a1fa2", scheme="light"))

    assert colours["accent"] == "#7a1fa2"
    assert colours["on-accent"] == "#ffffff"


def test_without_a_scheme_there_are_colours_for_light_and_for_dark() -> None:
    light, dark = styled(accent="7a1fa2").split("@media (prefers-color-scheme: dark)")

    assert told(light)["accent"] == "#7a1fa2"
    assert told(dark)["accent"] != "#7a1fa2"


def test_a_scheme_alone_holds_whatever_the_computer_prefers() -> None:
    assert told(styled(scheme="dark")) == PALETTES["dark"]
    assert "color-scheme: light;" in styled(scheme="light")
    assert "@media" not in styled(scheme="light", accent="7a1fa2")


def test_a_font_is_one_of_a_few() -> None:
    assert styled(font="georgia") == f"html {{ font-family: {theme.FONTS['georgia']}; }}"
    assert styled() == ""


@given(accent=COLOURS, background=COLOURS, scheme=st.sampled_from(theme.SCHEMES))
def test_words_stay_readable_whatever_is_asked_for(accent: str, background: str, scheme: str) -> None:
    for asked in ({"accent": accent}, {"accent": accent, "background": background}):
        palette = PALETTES[scheme] | theme.changes(PALETTES[scheme], asked)
        colour = {name: theme._colour(value) for name, value in palette.items() if name != "shade"}
        pairs = [(name, "card") for name in (*theme.WORDS, "accent")]
        for front, back in [*pairs, ("on-accent", "accent"), ("link", "tint"), ("text", "tint")]:
            assert theme.contrast(colour[front], colour[back]) >= theme.READABLE, (front, back, palette)


def test_contrast_is_that_of_wcag() -> None:
    assert theme.contrast(theme.BLACK, theme.WHITE) == pytest.approx(21)
    assert theme.contrast((119, 119, 119), theme.WHITE) == pytest.approx(4.478, abs=0.001)

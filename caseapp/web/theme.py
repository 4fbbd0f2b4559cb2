"""A few of the host's colours and its font, for pages in a frame: what may be asked for, and its style.

Whatever is asked for, words stay readable: a colour is moved towards black or white until it stands out from
what lies behind it as far as WCAG 2.2 asks of text (4.5 : 1). What is wrong is left out.
"""

import re
from collections.abc import Callable, Mapping
from functools import lru_cache
from pathlib import Path

Theme = dict[str, str]
Colour = tuple[int, int, int]

FONTS = {
    "system": 'system-ui, "Segoe UI", Roboto, "Helvetica Neue", Arial, sans-serif',
    "arial": 'Arial, "Helvetica Neue", sans-serif',
    "verdana": "Verdana, Geneva, sans-serif",
    "tahoma": "Tahoma, Geneva, Verdana, sans-serif",
    "georgia": 'Georgia, "Times New Roman", serif',
    "times": '"Times New Roman", Times, serif',
    "rounded": 'ui-rounded, "Hiragino Maru Gothic ProN", Quicksand, Comfortaa, Manjari, sans-serif',
    "mono": "ui-monospace, Consolas, Menlo, monospace",
}
SCHEMES = ("light", "dark")
READABLE = 4.5
BLACK: Colour = (0, 0, 0)
WHITE: Colour = (255, 255, 255)
# What is written on the page itself and on cards.
WORDS = ("text", "soft", "bad", "warn", "good", "link")


def read_theme(asked: Mapping[str, str]) -> Theme:
    """What of a query is a theme."""
    theme = {}
    for name in ("accent", "background"):
        found = re.fullmatch(r"#?([0-9a-fA-F]{6})", asked.get(name, ""))
        if found:
            theme[name] = found[1].lower()
    if asked.get("font") in FONTS:
        theme["font"] = asked["font"]
    if asked.get("scheme") in SCHEMES:
        theme["scheme"] = asked["scheme"]
    return theme


@lru_cache(maxsize=100)
def style(stylesheet: Path, asked: tuple[tuple[str, str], ...]) -> str:
    """The style sheet of a theme, which follows the one whose colours it changes."""
    theme = dict(asked)
    palettes = read_palettes(stylesheet.read_text(encoding="utf-8"))
    parts = []
    if "font" in theme:
        parts.append(f"html {{ font-family: {FONTS[theme['font']]}; }}")
    if "scheme" in theme:
        palette = palettes[theme["scheme"]]
        parts.append(_rule(palette | changes(palette, theme), f"color-scheme: {theme['scheme']}; "))
    elif changes(palettes["light"], theme):
        parts.append(_rule(changes(palettes["light"], theme)))
        dark = _rule(changes(palettes["dark"], theme))
        parts.append(f"@media (prefers-color-scheme: dark) {{ {dark} }}")
    return "\n".join(parts)


def read_palettes(stylesheet: str) -> dict[str, dict[str, str]]:
    """The colours that the one stylesheet names, so that they stand there alone."""
    light, dark = re.findall(r":root \{(.*?)\}", stylesheet, re.DOTALL)[:2]
    named = [dict(re.findall(r"--([a-z-]+): (#[0-9a-f]+);", block)) for block in (light, dark)]
    return {"light": named[0], "dark": named[0] | named[1]}


def changes(palette: Mapping[str, str], theme: Theme) -> dict[str, str]:
    """The colours that a theme changes in a palette."""
    changed: dict[str, str] = {}
    card = _colour(palette["card"])
    away, back = (BLACK, WHITE) if luminance(card) > 0.5 else (WHITE, BLACK)
    if "background" in theme:
        text, soft = _colour(palette["text"]), _colour(palette["soft"])
        card = moved(_colour(theme["background"]), back, readable_on(text, soft))
        changed |= {"bg": _written(card), "card": _written(card)}
        for name in WORDS:
            changed[name] = _written(moved(_colour(palette[name]), away, readable_on(card)))
    if "accent" in theme:
        accent = moved(_colour(theme["accent"]), away, readable_on(card))
        tint = mixed(card, accent, 0.1)
        changed |= {
            "accent": _written(accent),
            "on-accent": _written(max((BLACK, WHITE), key=lambda it: contrast(it, accent))),
            "link": _written(moved(accent, away, readable_on(card, tint))),
            "tint": _written(tint),
        }
    return changed


def readable_on(*behind: Colour) -> Callable[[Colour], bool]:
    """Whether a colour stands out from each of these."""
    return lambda colour: all(contrast(colour, other) >= READABLE for other in behind)


def moved(colour: Colour, end: Colour, holds: Callable[[Colour], bool]) -> Colour:
    """The colour, as little nearer to `end` as lets the condition hold."""
    steps = (mixed(colour, end, step / 20) for step in range(20))
    return next((step for step in steps if holds(step)), end)


def mixed(one: Colour, other: Colour, share: float) -> Colour:
    red, green, blue = (round(a + (b - a) * share) for a, b in zip(one, other, strict=True))
    return red, green, blue


def contrast(one: Colour, other: Colour) -> float:
    """Of WCAG 2.2: from 1 to 21."""
    dark, light = sorted((luminance(one), luminance(other)))
    return (light + 0.05) / (dark + 0.05)


def luminance(colour: Colour) -> float:
    red, green, blue = (
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4
        for part in (value / 255 for value in colour)
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _colour(text: str) -> Colour:
    digits = text.removeprefix("#")
    if len(digits) == 3:
        digits = "".join(digit * 2 for digit in digits)
    return int(digits[:2], 16), int(digits[2:4], 16), int(digits[4:6], 16)


def _written(colour: Colour) -> str:
    return "#{:02x}{:02x}{:02x}".format(*colour)


def _rule(colours: Mapping[str, str], more: str = "") -> str:
    return f":root {{ {more}{' '.join(f'--{name}: {colour};' for name, colour in colours.items())} }}"

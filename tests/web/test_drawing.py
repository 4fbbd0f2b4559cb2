"""Templates are compiled in another way than Jinja's own, and draw what they would draw with it."""

from collections.abc import Iterator

import pytest
from flask import Flask
from jinja2 import DictLoader, Environment
from jinja2.compiler import CodeGenerator
from markupsafe import Markup, escape

from caseapp.web.drawing import SharedGlobals, WholePieces, escaped
from tests.databases import ONE_DATABASE

NAMES = ["Ana", "O'Hara", "<b>", 'a "quote"', "Ampers & and", "Zoë"]
TEMPLATES = {
    "base.html": "<h1>{% block title %}none{% endblock %}</h1>{% block content %}{% endblock %}{{ after }}",
    "page.html": """{% extends "base.html" %}
{% set section = "<page>" %}
{% from "macros.html" import wrapped %}
{% block title %}{{ names[0] }} · {{ super() }}{% endblock %}
{% block content %}
{% for name in names %}{% set place = loop.index %}{% include "row.html" %}{% else %}nobody{% endfor %}
{% set kept %}<i>{{ names | join(", ") }}</i>{% endset %}
{{ kept }}{{ section }}{{ missing }}{{ 3 + 4 }}{{ none }}
{% call wrapped("a<b") %}{{ names[1] }}{% endcall %}
{% filter upper %}{{ names[2] }}{% endfilter %}
{% for item in [1, [2, 3]] recursive %}
{% if item is iterable %}({{ loop(item) }}){% else %}{{ item }}{% endif %}
{% endfor %}
{{ trusted }}{% autoescape false %}{{ names[2] }}{% endautoescape %}
{% endblock %}""",
    "row.html": """{% from "macros.html" import wrapped %}
{{- place }}:{{ name }}{% if name == "Ana" %}!{% endif %}""",
    "macros.html": "{% macro wrapped(text) %}<p>{{ text }} {{ caller() if caller }}</p>{% endmacro %}",
    "plain.txt": "{{ names[2] }}",
}


def environment(generator: type[CodeGenerator]) -> Environment:
    made = Environment(
        loader=DictLoader(TEMPLATES), autoescape=lambda name: name is not None and name.endswith("html")
    )
    made.code_generator_class = generator
    return made


@pytest.mark.parametrize("name", ["page.html", "row.html", "plain.txt"])
@pytest.mark.parametrize("names", [NAMES, NAMES[:3]])
def test_a_template_draws_what_it_would_draw_as_jinja_compiles_it(name: str, names: list[str]) -> None:
    ours = environment(WholePieces)
    ours.context_class = SharedGlobals
    values = {"names": names, "trusted": Markup("<hr>"), "after": "&", "name": names[1], "place": 1}

    assert ours.get_template(name).render(values) == environment(CodeGenerator).get_template(name).render(
        values
    )


def test_a_template_hands_out_one_piece() -> None:
    template = environment(WholePieces).get_template("row.html")

    assert list(template.generate(name="Ana", place=2)) == ["2:Ana!"]


@pytest.mark.parametrize("value", [*NAMES, "", 7, None, Markup("<b>"), ["<", "'"]])
def test_a_value_is_written_as_markupsafe_escapes_it(value: object) -> None:
    assert escaped(value) == str(escape(value))


@ONE_DATABASE
def test_the_menu_marks_the_section_and_stands_at_the_root_where_it_is_mounted(app: Flask) -> None:
    drawn_once = app.jinja_env.globals["drawn_once"]
    assert callable(drawn_once)

    def menus() -> Iterator[str]:
        for root in ("", "/practice", ""):
            with app.test_request_context("/clients", environ_overrides={"SCRIPT_NAME": root}):
                yield drawn_once(
                    "layouts/_menu.html", section="clients", current="page", count=None, role="office"
                )
                yield drawn_once(
                    "layouts/_menu.html", section="payors", current="true", count=None, role="office"
                )

    at_root, payors, mounted, _, again, _ = menus()
    assert 'href="/clients" aria-current="page"' in at_root
    assert 'href="/payors" aria-current="true"' in payors
    assert 'href="/practice/clients" aria-current="page"' in mounted
    assert again == at_root

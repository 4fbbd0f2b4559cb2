"""What a page of fifty costs at the least: a hand-written Flask view, to which all figures are set in ratio.

Signed session, one statement through sqlite3 itself, fifty rows of HTML from a compiled template.
"""

import sqlite3
import statistics
from pathlib import Path

from flask import Flask, g, session
from flask.typing import ResponseReturnValue
from jinja2 import DictLoader

from benchmarks.browser import Browser
from benchmarks.making import SECRET_KEY

_TEMPLATE = """<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>Clients</title></head><body><h1>Clients</h1><table>
{% for id, last, first, number, born, payor in rows %}
<tr><td><a href="/clients/{{ id }}">{{ last }}, {{ first }}</a></td><td>{{ number }}</td>
<td>{{ born }}</td><td>{{ payor }}</td></tr>
{% endfor %}
</table></body></html>
"""
_STATEMENT = """
SELECT client.public_id, client.last_name, client.first_name, client.number, client.date_of_birth,
    (SELECT payor.name FROM funding_source JOIN payor ON payor.id = funding_source.payor_id
     WHERE funding_source.client_id = client.id AND funding_source.priority = 'primary' LIMIT 1)
FROM client WHERE client.status = 'active' AND client.sort_key > ?
ORDER BY client.sort_key, client.id LIMIT 50
"""


def floor_app(database: Path) -> Flask:
    """The application with its one address, /floor."""
    app = Flask(__name__)
    app.secret_key = SECRET_KEY
    app.jinja_loader = DictLoader({"floor.html": _TEMPLATE})
    app.jinja_options = {"trim_blocks": True, "lstrip_blocks": True}
    connection = sqlite3.connect(database, isolation_level=None, check_same_thread=False)

    @app.get("/floor")
    def floor() -> ResponseReturnValue:
        g.user = session.get("user")
        if g.user is None:
            session["user"] = "somebody"
        rows = connection.execute(_STATEMENT, ("",)).fetchall()
        return app.jinja_env.get_template("floor.html").render(rows=rows)

    return app


def floor_alone(database: Path, requests: int = 150) -> float:
    """What it costs just now in seconds, with nothing else asked for: that is how quick the machine is."""
    browser = Browser(floor_app(database))
    return statistics.median([browser.get("/floor").cpu for _ in range(requests)][requests // 3 :])

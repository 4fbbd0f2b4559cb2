"""Reads a form as a browser does: what it would send, and what its lists offer."""

import re
from html import unescape

_INPUT = re.compile(r"<input([^>]*)>")
_SELECT = re.compile(r'<select[^>]* name="([^"]+)"[^>]*>(.*?)</select>', re.DOTALL)
_OPTION = re.compile(r"<option([^>]*)>")
_ATTRIBUTE = re.compile(r'([a-z-]+)="([^"]*)"')
_GROUP = re.compile(r'<optgroup label="([^"]*)">(.*?)</optgroup>', re.DOTALL)


def fields(html: str) -> dict[str, str]:
    """What a browser would send of the inputs and lists as they were drawn."""
    sent = {}
    for found in _INPUT.finditer(html):
        attributes = dict(_ATTRIBUTE.findall(found[1]))
        if attributes.get("type") not in ("checkbox", "submit", "search") and "name" in attributes:
            sent[attributes["name"]] = unescape(attributes.get("value", ""))
    for name, options in _SELECT.findall(html):
        sent[name] = next((_value(o) for o in _OPTION.findall(options) if "selected" in o.split()), "")
    return sent


def could_be_saved(html: str, name: str) -> list[str]:
    """The values of a list's first group: those of which the form says that they could be saved."""
    lists = dict(_SELECT.findall(html))
    groups = _GROUP.findall(lists.get(name, ""))
    return [_value(option) for option in _OPTION.findall(groups[0][1])] if groups else []


def _value(option: str) -> str:
    return unescape(dict(_ATTRIBUTE.findall(option)).get("value", ""))

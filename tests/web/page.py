"""Read an answered page as a test wants it: the codes told in an element, the values of a form."""

import re
from dataclasses import dataclass, field
from functools import cached_property
from html.parser import HTMLParser

TICKED = {"checkbox", "radio"}
VOID = {"input", "meta", "link", "br", "hr", "img", "use", "path"}


@dataclass
class Element:
    tag: str
    attributes: dict[str, str]
    children: list["Element"] = field(default_factory=list)
    texts: list[str] = field(default_factory=list)

    def all(self) -> list["Element"]:
        return [self, *(below for child in self.children for below in child.all())]

    @property
    def text(self) -> str:
        return re.sub(r"\s+", " ", " ".join(text for element in self.all() for text in element.texts)).strip()


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.root = Element("root", {})
        self._open = [self.root]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        element = Element(tag, {name: value or "" for name, value in attrs})
        self._open[-1].children.append(element)
        if tag not in VOID:
            self._open.append(element)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._open[-1].children.append(Element(tag, {name: value or "" for name, value in attrs}))

    def handle_endtag(self, tag: str) -> None:
        for place in range(len(self._open) - 1, 0, -1):
            if self._open[place].tag == tag:
                del self._open[place:]
                return

    def handle_data(self, data: str) -> None:
        self._open[-1].texts.append(data)


class Page:
    """One answered document or fragment, read when it is first asked."""

    def __init__(self, html: str) -> None:
        self._html = html

    @cached_property
    def elements(self) -> list[Element]:
        reader = _Reader()
        reader.feed(self._html)
        return reader.root.all()

    def by_id(self, name: str) -> Element | None:
        return next((e for e in self.elements if e.attributes.get("id") == name), None)

    def text_of(self, name: str) -> str:
        """What the element of that id says."""
        found = self.by_id(name)
        assert found is not None, f"nothing has the id {name}"
        return found.text

    def codes(self, name: str) -> list[str]:
        """The data-code of each part of the element of that id; empty where it is not there."""
        found = self.by_id(name)
        return (
            [e.attributes["data-code"] for e in found.all() if "data-code" in e.attributes] if found else []
        )

    def errors(self) -> list[list[str | None]]:
        """[field, code] of everything a refused form tells; the field of a whole form is None."""
        told: list[list[str | None]] = []
        for element in self.elements:
            name = element.attributes.get("id", "")
            if name.endswith("-error"):
                field_name = None if name == "form-error" else name.removesuffix("-error")
                told += [[field_name, code] for code in self.codes(name)]
        return told

    def values(self, form: str) -> dict[str, str]:
        """What a browser would send of the form of that id: its named controls with their values."""
        found = self.by_id(form)
        assert found is not None, f"no form #{form}"
        sent: dict[str, str] = {}
        for element in found.all():
            name = element.attributes.get("name")
            if not name or element.attributes.get("type") == "submit":
                continue
            if element.tag == "select":
                chosen = [o for o in element.all() if o.tag == "option" and "selected" in o.attributes]
                sent[name] = chosen[0].attributes.get("value", "") if chosen else ""
            elif element.tag == "textarea":
                sent[name] = element.text
            elif element.attributes.get("type") not in TICKED or "checked" in element.attributes:
                sent[name] = element.attributes.get("value", "")
        return sent

"""Look over a fetched page or fragment: what every page of Caseapp keeps to, whoever wrote it.

Call `audit(html)` in a test that fetched a page, `audit(html, page=False)` for a fragment; with `inside` the
page in which it will stand, what it points at must be there.
"""

from collections import Counter
from html.parser import HTMLParser

VOID = {
    "area",
    "base",
    "br",
    "col",
    "hr",
    "img",
    "input",
    "link",
    "meta",
    "source",
    "use",
    "wbr",
    "circle",
    "path",
    "line",
}
CONTROLS = {"input", "select", "textarea"}
UNLABELLED = {"hidden", "submit", "button", "reset", "image"}


class Element:
    def __init__(self, tag: str, attributes: dict[str, str], parent: "Element | None") -> None:
        self.tag, self.attributes, self.parent = tag, attributes, parent
        self.children: list[Element] = []
        self.words = ""

    def text(self) -> str:
        return self.words + "".join(child.text() for child in self.children)

    def closest(self, tag: str) -> "Element | None":
        element: Element | None = self
        while element is not None and element.tag != tag:
            element = element.parent
        return element

    def __repr__(self) -> str:
        return f"<{self.tag} {self.attributes}>"


class Tree(HTMLParser):
    def __init__(self, html: str) -> None:
        super().__init__()
        self.elements: list[Element] = []
        self._open: list[Element] = []
        self.feed(html)
        self.close()
        assert not self._open, f"never closed: {self._open}"

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        parent = self._open[-1] if self._open else None
        element = Element(tag, {name: value or "" for name, value in attrs}, parent)
        assert len(element.attributes) == len(attrs), f"an attribute twice: {tag} {attrs}"
        if parent is not None:
            parent.children.append(element)
        self.elements.append(element)
        if tag not in VOID:
            self._open.append(element)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        if tag not in VOID:
            self._open.pop()

    def handle_endtag(self, tag: str) -> None:
        if tag in VOID:
            return
        assert self._open, f"</{tag}> closes nothing"
        assert self._open[-1].tag == tag, f"</{tag}> closes {self._open[-1]}"
        self._open.pop()

    def handle_data(self, data: str) -> None:
        if self._open:
            self._open[-1].words += data


def parse(html: str) -> list[Element]:
    """All elements, in the order of the page; fails where tags do not close each other properly."""
    return Tree(html).elements


def audit(html: str, *, page: bool = True, inside: str = "") -> list[Element]:
    """Fail with what is wrong; return the elements for further questions."""
    elements = parse(html)
    around = parse(inside) if inside else []
    ids = [element.attributes["id"] for element in elements if "id" in element.attributes]
    doubled = [name for name, number in Counter(ids).items() if number > 1]
    assert not doubled, f"ids used twice: {doubled}"
    known = set(ids) | {element.attributes["id"] for element in around if "id" in element.attributes}
    labels: dict[str, list[Element]] = {}
    for label in (element for element in elements if element.tag == "label"):
        labels.setdefault(label.attributes.get("for", ""), []).append(label)
    if page:
        _audit_frame(elements)
    for element in elements:
        _audit_references(element, known, strict=page or bool(inside))
        _audit_name(element, labels)
        _audit_htmx(element, known, strict=page or bool(inside))
        for name in element.attributes:
            assert not name.startswith(("on", "hx-on")), f"inline script: {element}"
            assert name != "style", f"inline style: {element}"
            assert name not in {"hx-vars", "hx-disable", "hx-ext"}, f"not of both htmx 2 and 4: {element}"
    return elements


def _audit_frame(elements: list[Element]) -> None:
    tags = Counter(element.tag for element in elements)
    assert tags["h1"] == 1, f"{tags['h1']} headings of the first rank"
    assert tags["main"] == 1
    assert len([e for e in elements if e.tag == "title" and not e.closest("svg")]) == 1
    html = elements[0]
    assert html.tag == "html"
    assert html.attributes.get("lang")
    statuses = [element for element in elements if element.attributes.get("role") == "status"]
    assert len(statuses) == 1, f"regions for messages: {statuses}"
    for element in elements:
        assert element.tag != "style", "a style in the page"
        if element.tag == "script":
            assert element.attributes.get("src", "").startswith("/"), f"a script in the page: {element}"


def _audit_references(element: Element, known: set[str], *, strict: bool) -> None:
    for name in ("for", "aria-labelledby", "aria-describedby", "aria-controls", "popovertarget", "form"):
        for reference in element.attributes.get(name, "").split():
            assert reference in known or not strict, f"{name} names nothing: {element}"
    href = element.attributes.get("href", "")
    if element.tag == "a" and href.startswith("#"):
        assert href[1:] in known or not strict, f"leads nowhere: {element}"


def _audit_name(element: Element, labels: dict[str, list[Element]]) -> None:
    attributes = element.attributes
    named = attributes.get("aria-label") or attributes.get("aria-labelledby")
    if element.tag in CONTROLS and attributes.get("type") not in UNLABELLED:
        its_own = labels.get(attributes.get("id", ""), []) if "id" in attributes else []
        assert named or element.closest("label") or any(label.text().strip() for label in its_own), (
            f"no label: {element}"
        )
    if element.tag in {"a", "button"} and attributes.get("aria-hidden") != "true":
        assert named or element.text().strip(), f"no words: {element}"
    if element.tag == "img":
        assert "alt" in attributes, f"no alt: {element}"


def _audit_htmx(element: Element, known: set[str], *, strict: bool) -> None:
    attributes = element.attributes
    target = attributes.get("hx-target", "")
    if target.startswith("#"):
        assert target[1:] in known or not strict, f"hx-target names nothing: {element}"
    if "hx-get" in attributes:
        if element.tag == "a":
            assert attributes.get("href"), f"hx-get without href: {element}"
        else:
            assert element.tag in CONTROLS | {"button", "form", "fieldset"}, f"hx-get on {element}"
    if "hx-post" in attributes and element.tag == "form":
        assert attributes.get("method") == "post", f"hx-post without method: {element}"
        assert attributes.get("action") == attributes["hx-post"], f"hx-post goes elsewhere: {element}"
    elif "hx-post" in attributes:
        assert element.tag in CONTROLS | {"button", "fieldset"}, f"hx-post on {element}"
        sends = element.closest("form") is not None or attributes.get("form") in known
        assert sends or not strict, f"hx-post outside a form: {element}"
    if element.tag == "form" and attributes.get("method") == "post":
        tokens = [e for e in _below(element) if e.attributes.get("name") == "csrf_token"]
        assert len(tokens) == 1, f"{len(tokens)} tokens in {element}"


def _below(element: Element) -> list[Element]:
    return [found for child in element.children for found in (child, *_below(child))]

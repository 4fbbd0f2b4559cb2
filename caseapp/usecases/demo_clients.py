"""The clients of the demonstration with whom all is well: most of them, as in a real practice."""

from caseapp.usecases.demo_book import Book, Chart
from caseapp.usecases.demo_staff import (
    BLUE,
    CEDAR,
    CLINICIANS,
    HARBOR,
    LANTERN,
    MAPLE,
    NORTH,
    OAK,
    SELF,
    is_enrolled,
)

ACTIVE = (
    ("Alder", "Nora", ""),
    ("Amber", "Felix", ""),
    ("Ash", "Beatriz", "Bea"),
    ("Azure", "Oliver", ""),
    ("Bay", "Ximena", ""),
    ("Beryl", "Samuel", "Sam"),
    ("Bluebell", "Anneliese", "Anni"),
    ("Bracken", "Hugo", ""),
    ("Briar", "Aiyana", ""),
    ("Cedarfield", "Jamal", ""),
    ("Cloud", "Mina", ""),
    ("Copper", "Ignacio", "Nacho"),
    ("Coral", "Élise", ""),
    ("Cricket", "Levi", ""),
    ("Dandelion", "Priscilla", "Cilla"),
    ("Dewdrop", "Anton", ""),
    ("Dove", "Fatou", ""),
    ("Elm", "Björn", ""),
    ("Fern-Hollow", "Grace", ""),
    ("Flint", "Mateo", ""),
    ("Foxglove", "Yuki", ""),
    ("Garnet", "Solomon", "Sol"),
    ("Goldfinch", "Clara", ""),
    ("Hazel", "Darnell", ""),
    ("Heath", "Ayumi", ""),
    ("Heron", "Tomasz", ""),
    ("Indigo", "Paloma", ""),
    ("Ivy", "Benedict", "Ben"),
    ("Jasper", "Niamh", ""),
    ("Kestrel", "Omar", ""),
    ("Lavender", "Joaquín", ""),
    ("Maple", "Sienna", ""),
    ("Meadow", "Kwame", ""),
    ("Nutmeg", "Freya", ""),
    ("Olive", "Desmond", "Des"),
    ("Pebblebrook", "Chloé", ""),
    ("D'Rain", "Malik", ""),
)
ON_HOLD = (("Quartz", "Linnea", ""), ("Reed", "Augustin", "Gus"), ("Robin", "Esperanza", ""))
DISCHARGED = (
    ("Rowanberry", "Callum", ""),
    ("Sage", "Ingrid", ""),
    ("Starling", "Bruno", ""),
    ("Willow", "Tess", ""),
)

_LINES = (("ABA",), ("ST",), ("ABA", "ST"), ("OT",), ("ST", "OT"), ("MH",), ("ABA", "ST", "OT"), ("PT",))
_PAYORS = (BLUE, HARBOR, LANTERN, OAK, CEDAR, NORTH, SELF, BLUE, MAPLE)
_COMES_BACK = 28
_ASSISTANT = {"ABA": "K-05", "ST": "K-08", "OT": "K-11"}


def add_clients(book: Book) -> None:
    for turn, (last_name, first_name, preferred) in enumerate(ACTIVE):
        chart = book.client(last_name, first_name, preferred=preferred)
        payor = _payor(turn)
        begun = -50 if turn % 11 == 10 else -140 - 37 * turn % 900
        _funding(chart, turn, payor, begun - 30)
        for code in _LINES[turn % len(_LINES)]:
            clinician = responsible(code, payor, turn)
            chart.line(code, begun)
            if turn % 5 == 1:
                before = responsible(code, payor, turn + 1)
                chart.managed_by(before, code, begun, begun + 60).managed_by(clinician, code, begun + 61)
            else:
                chart.managed_by(clinician, code, begun)
            seen_by = [clinician, _ASSISTANT[code]] if code in _ASSISTANT and turn % 3 else [clinician]
            chart.seen_by(seen_by, code, begun + 3)
            if code == "ABA":
                chart.seen_by(["K-05"], code, begun + 3)
        if turn % 12 == 7:
            chart.line("OT", begun - 400, begun - 1).managed_by("K-09", "OT", begun - 400, begun - 1)
    for turn, (last_name, first_name, preferred) in enumerate(ON_HOLD):
        chart = book.client(last_name, first_name, preferred=preferred, status="on_hold")
        chart.paid_by(BLUE, -500).line("ST", -450).managed_by("K-06", "ST", -450)
        chart.seen_by(["K-06"], "ST", end=_COMES_BACK if turn == 0 else -30)
    for turn, (last_name, first_name, preferred) in enumerate(DISCHARGED):
        chart = book.client(last_name, first_name, preferred=preferred, status="discharged")
        chart.paid_by(LANTERN, -900, -10 - turn).line("ABA", -800, -40 - turn)
        chart.managed_by("K-03", "ABA", -800, -40 - turn).seen_by(["K-03"], "ABA", end=-40 - turn)


def _payor(turn: int) -> str:
    """The next payor with whom somebody of each line may bill."""
    rotated = _PAYORS[turn % len(_PAYORS) :] + _PAYORS
    return next(payor for payor in rotated if all(able(code, payor) for code in _LINES[turn % len(_LINES)]))


def _funding(chart: Chart, turn: int, payor: str, start: int) -> None:
    if turn % 6 == 2:
        chart.paid_by(LANTERN, start - 300, start - 1)
    chart.paid_by(payor, start)
    if turn % 9 == 4:
        chart.paid_by(SELF, start, priority="secondary")
    if turn % 10 == 3:
        chart.paid_by(MAPLE, start - 200, start - 1, priority="inactive")


def responsible(code: str, payor: str, turn: int) -> str:
    """One of those who may bill this payor for a line, in turn."""
    clinicians = able(code, payor)
    return clinicians[turn % len(clinicians)]


def able(code: str, payor: str) -> list[str]:
    """The clinicians of a line who may bill this payor."""
    return [
        number
        for number, clinician in CLINICIANS.items()
        if code in clinician[4] and number not in _ASSISTANT.values() and is_enrolled(number, payor)
    ]

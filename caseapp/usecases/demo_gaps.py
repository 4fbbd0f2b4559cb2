"""The clients of the demonstration who show something: each kind of gap, and histories worth reading."""

from datetime import timedelta

from caseapp.usecases.demo_book import Book
from caseapp.usecases.demo_staff import BLUE, CEDAR, HARBOR, LANTERN, MAPLE, OAK, SELF


def add_clients(book: Book) -> None:
    _without_case_manager(book)
    _case_manager_in_doubt(book)
    _late(book)
    _ending(book)
    _interims(book)
    _histories(book)


def _without_case_manager(book: Book) -> None:
    milo = book.client("Harper", "Milo").paid_by(BLUE, -420).paid_by(CEDAR, -420, priority="secondary")
    milo.line("ABA", -400).managed_by("K-02", "ABA", -400, -200).managed_by("K-01", "ABA", -199)
    milo.seen_by(["K-01", "K-05"], "ABA")
    milo.line("ST", -6).seen_by(["K-06"], "ST", 2, smoothly=True)
    wren = book.client("Skylark", "Theo").paid_by(HARBOR, -90)
    wren.line("OT", 9).seen_by(["K-10"], "OT", 9, smoothly=True)
    stopped = book.client("Thistle", "Amara").paid_by(MAPLE, -800)
    stopped.line("PT", -500, -12).managed_by("K-12", "PT", -500, -12).seen_by(["K-12"], "PT", end=10)
    unpaid = book.client("Ember", "Kai").paid_by(OAK, -600, -20)
    unpaid.line("OT", -500).managed_by("K-10", "OT", -500).seen_by(["K-10", "K-11"], "OT", smoothly=True)


def _case_manager_in_doubt(book: Book) -> None:
    lea = book.client("Hartmann", "Léa", preferred="Lea").paid_by(BLUE, -300)
    lea.line("ABA", -50).managed_by("K-04", "ABA", -50).seen_by(["K-04", "K-05"], "ABA", -47, smoothly=True)
    left = book.client("Cobalt", "Nadia").paid_by(LANTERN, -700)
    left.line("ST", -650).managed_by("K-16", "ST", -650).seen_by(["K-08"], "ST", smoothly=True)
    no_npi = book.client("Fjord", "Søren").paid_by(LANTERN, -400)
    no_npi.line("MH", -320).managed_by("K-15", "MH", -320).seen_by(["K-15"], "MH", smoothly=True)


def _late(book: Book) -> None:
    """Case managers who start on the very day of a first session."""
    begun = book.client("Marigold", "Ezra").paid_by(SELF, -100)
    begun.line("OT", -20).managed_by("K-10", "OT", -12).session("K-10", "OT", -12)
    begun.seen_by(["K-10"], "OT", -11, smoothly=True)
    coming = book.client("Juniper-Stone", "Isla", preferred="Izzy").paid_by(CEDAR, -30)
    coming.line("PT", 2).managed_by("K-12", "PT", 5).session("K-12", "PT", 5)
    coming.seen_by(["K-12"], "PT", 6, smoothly=True)


def _ending(book: Book) -> None:
    ends = book.client("Brook", "Dashiell").paid_by(BLUE, -900)
    ends.line("MH", -300).managed_by("K-14", "MH", -300, 21).seen_by(["K-14"], "MH")
    enrollment = book.client("Harris", "June").paid_by(LANTERN, -500)
    enrollment.line("OT", -480).managed_by("K-09", "OT", -480).seen_by(["K-09"], "OT")
    payor = book.client("Ochre", "Lucía").paid_by(BLUE, -700, 30).paid_by(CEDAR, 31)
    payor.line("ST", -365).managed_by("K-07", "ST", -365).seen_by(["K-07", "K-08"], "ST")
    leaving = book.client("Pinecone", "Bo").paid_by(HARBOR, -1000)
    leaving.line("PT", -210).managed_by("K-13", "PT", -210).seen_by(["K-13"], "PT")


def _interims(book: Book) -> None:
    """Both stand in for a clinician whose enrollment is in process; one of them never sees the client."""
    last_month = book.today.replace(day=1) - timedelta(days=1)
    before_it = (last_month.replace(day=1) - timedelta(days=8) - book.today).days
    missed = book.client("Slate", "Imani").paid_by(BLUE, before_it - 30)
    missed.line("ABA", before_it).managed_by("K-02", "ABA", before_it, interim_for="K-04")
    missed.seen_by(["K-05"], "ABA", before_it + 2, smoothly=True)
    kept = book.client("Saffron", "Odin").paid_by(BLUE, before_it - 60)
    kept.line("ABA", before_it).managed_by("K-02", "ABA", before_it, interim_for="K-04")
    kept.seen_by(["K-02", "K-05"], "ABA", before_it + 2, smoothly=True)


def _histories(book: Book) -> None:
    wren = book.client("O'Hara", "Wren").paid_by(OAK, -1500, -400).paid_by(SELF, -399)
    turns = (
        ("K-02", -1450),
        ("K-03", -1200),
        ("K-01", -1010),
        ("K-02", -700),
        ("K-03", -380),
        ("K-01", -150),
    )
    wren.line("ABA", -1450).seen_by(["K-01", "K-05"], "ABA")
    ends = [start - 1 for _clinician, start in turns[1:]]
    for (clinician, start), end in zip(turns, [*ends, None], strict=True):
        wren.managed_by(clinician, "ABA", start, end)
    wren.line("ST", -900, -300).managed_by("K-16", "ST", -900, -300)
    back = book.client("Lindenwood", "Zoë").paid_by(LANTERN, -1200, -500).paid_by(BLUE, -499)
    back.line("ST", -900, -420).managed_by("K-06", "ST", -900, -420)
    back.line("ST", -45).managed_by("K-06", "ST", -45).seen_by(["K-06", "K-08"], "ST", -42)
    two = book.client("Moss", "Ravi").paid_by(CEDAR, -640).paid_by(LANTERN, -640, priority="secondary")
    two.line("MH", -600).managed_by("K-14", "MH", -600).seen_by(["K-14"], "MH")

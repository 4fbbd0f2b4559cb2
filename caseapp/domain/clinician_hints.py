"""What the form of a clinician proposes and tells while it is filled: number, NPI, assistants."""

import re
from collections import Counter
from collections.abc import Iterable

from caseapp.domain.entry_reader import LONGEST_NUMBER
from caseapp.domain.npi import npi_is_valid

ASSISTANTS = frozenset({"RBT", "BCABA", "BCAT", "ABAT", "COTA", "COTA/L", "SLPA", "SLP-A", "PTA"})
"""Credentials of technicians and assistants, who work under somebody who takes the responsibility."""
FIRST_NUMBER = "K-101"
_NUMBERED = re.compile(r"(.*?)([0-9]{1,9})", re.DOTALL)
_TEN_DIGITS = re.compile(r"[0-9]{10}")


def npi_fault(npi: str) -> str:
    """What is wrong with an NPI in one sentence, empty where it is valid."""
    if npi_is_valid(npi):
        return ""
    if not npi.isascii() or not npi.isdigit():
        return "An NPI has ten digits and nothing else. Type the digits alone."
    if not _TEN_DIGITS.fullmatch(npi):
        return f"An NPI has ten digits; this has {len(npi)}. Compare it with the letter or the NPI registry."
    if npi[0] not in "12":
        return "An NPI begins with 1 or 2. Compare it with the letter or the NPI registry."
    return (
        "The last digit of this NPI does not fit the others. Compare it with the letter or the NPI registry."
    )


def is_assistant(credential: str) -> bool:
    """The credential is that of a technician or assistant; several may be told: `RBT, BA`."""
    return any(part.strip().upper() in ASSISTANTS for part in re.split(r"[,; ]", credential))


def next_number(numbers: Iterable[str]) -> str:
    """The number after the highest of the commonest kind: K-117 after K-101 … K-116."""
    kinds: Counter[str] = Counter()
    highest: dict[str, tuple[int, int]] = {}
    for number in numbers:
        match = _NUMBERED.fullmatch(number)
        if match:
            kinds[match[1]] += 1
            highest[match[1]] = max(highest.get(match[1], (0, 0)), (int(match[2]), len(match[2])))
    if not kinds:
        return FIRST_NUMBER
    prefix = min(kinds, key=lambda kind: (-kinds[kind], kind))
    last, width = highest[prefix]
    return f"{prefix}{last + 1:0{width}}"[:LONGEST_NUMBER]

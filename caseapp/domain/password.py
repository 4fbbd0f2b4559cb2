"""What a password must hold: length, and not one that everybody tries first.

Source: NIST SP 800-63B, section 3.1.1 (Password Verifiers): no rules of composition, no expiry, any
character, Unicode normalised.
"""

import unicodedata
from collections.abc import Container

from caseapp.domain.finding import Finding

SHORTEST = 15
SHORTEST_WITH_SECOND_FACTOR = 8
LONGEST = 256
_AROUND = "!?.,*#$ "


def normalised(typed: str) -> str:
    """The same password, whatever keyboard put its accents together."""
    return unicodedata.normalize("NFKC", typed)


def password_findings(
    password: str, common: Container[str], own_words: tuple[str, ...], *, second_factor: bool
) -> list[Finding]:
    """What is wrong with a normalised password; `own_words` are the user's own names and the practice's.

    `common` holds passwords in lower case. At least 15 characters, or 8 beside a second factor.
    """
    shortest = SHORTEST_WITH_SECOND_FACTOR if second_factor else SHORTEST
    if not password:
        return [_finding("required", "Choose a password.")]
    if len(password) < shortest:
        return [
            _finding(
                "too_short",
                f"Use at least {shortest} characters: a few words one after another are easy to remember.",
            )
        ]
    if len(password) > LONGEST:
        return [_finding("too_long", f"Use at most {LONGEST} characters.")]
    folded = password.casefold()
    stems = {folded, folded.strip(_AROUND), folded.strip(_AROUND + "0123456789")}
    if any(stem in common for stem in stems) or len(set(folded)) < 4:
        return [_finding("too_common", "This is one of the passwords that are tried first: choose another.")]
    if stems & {word.casefold() for word in own_words if word}:
        return [_finding("own_name", "A name is easy to guess: choose something else.")]
    return []


def _finding(code: str, message: str) -> Finding:
    return Finding(code, "password", "error", message)

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
_DIGITS = "0123456789"
_LEFT_AT_LEAST = 4


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
    stems = {
        stem
        for text in (folded, _once(folded))
        for stem in (text, text.strip(_AROUND), text.strip(_AROUND + _DIGITS))
    }
    if any(stem in common for stem in stems) or len(set(folded)) < 4:
        return [_finding("too_common", "This is one of the passwords that are tried first: choose another.")]
    if _is_of_own_words(folded, own_words):
        return [_finding("own_name", "A name is easy to guess: choose something else.")]
    return []


def _once(text: str) -> str:
    """What is written again and again: abc of abcabcabc; the text itself where nothing is."""
    return text[: (text + text).find(text, 1)]


def _is_of_own_words(folded: str, own_words: tuple[str, ...]) -> bool:
    """Next to nothing is left where names, digits and signs are taken out of it."""
    left = folded
    for word in sorted((word.casefold() for word in own_words if word), key=len, reverse=True):
        left = left.replace(word, "")
    return left != folded and len(left.strip(_AROUND + _DIGITS)) < _LEFT_AT_LEAST


def _finding(code: str, message: str) -> Finding:
    return Finding(code, "password", "error", message)

"""What a token of a program may be: named, scoped, and for a while."""

from dataclasses import dataclass

from caseapp.domain.finding import Finding

SCOPES = {
    "read": "Read clients, case managers and coverage gaps",
    "write": "Add and change case managers",
    "claims": "Ask for rendering providers",
    "fhir": "Read the FHIR resources",
}
LIFETIMES = {"30": "30 days", "90": "90 days", "365": "A year"}
LONGEST_NAME = 100


@dataclass(frozen=True, slots=True)
class TokenEntry:
    """As it was typed; `days` is one of LIFETIMES."""

    name: str = ""
    scopes: tuple[str, ...] = ()
    days: str = "90"


def judge_token(entry: TokenEntry) -> list[Finding]:
    found: list[Finding] = []
    if not entry.name.strip():
        found.append(Finding("required", "name", "error", "Say what the token is for, such as the portal."))
    elif len(entry.name.strip()) > LONGEST_NAME:
        found.append(Finding("too_long", "name", "error", f"Use at most {LONGEST_NAME} characters."))
    if not entry.scopes:
        found.append(Finding("required", "scopes", "error", "Tick what the program may do."))
    elif not set(entry.scopes) <= set(SCOPES):
        found.append(Finding("unknown_choice", "scopes", "error", "Tick only what the list offers."))
    if entry.days not in LIFETIMES:
        found.append(Finding("unknown_choice", "days", "error", "Choose how long it is valid."))
    return found

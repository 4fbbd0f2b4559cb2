"""What is typed of a user, judged."""

import re
from dataclasses import dataclass

from caseapp.domain.actor import ROLES
from caseapp.domain.finding import Finding
from caseapp.domain.sign_in import LONGEST_USERNAME, username_key

LONGEST_NAME = 100
_USERNAME = re.compile(r"[^\s\x00-\x1f\x7f]+")


@dataclass(frozen=True, slots=True)
class UserEntry:
    """As it was typed; `clinician` is a clinician's number, empty for nobody."""

    username: str = ""
    name: str = ""
    role: str = ""
    clinician: str = ""
    second_factor_required: bool = False


def judge_user(entry: UserEntry, *, name_taken: bool, clinician_known: bool) -> list[Finding]:
    """Every broken rule. `name_taken`: by another user; `clinician_known`: or none is named."""
    found: list[Finding] = []
    username = entry.username.strip()
    if not username:
        found.append(_error("required", "username", "Give a user name: it is typed to sign in."))
    elif len(username_key(username)) > LONGEST_USERNAME or not _USERNAME.fullmatch(username):
        found.append(
            _error(
                "invalid",
                "username",
                f"A user name has at most {LONGEST_USERNAME} characters and no spaces, such as dana.ruiz.",
            )
        )
    elif name_taken:
        found.append(_error("taken", "username", "Somebody has this user name already: choose another."))
    found += judge_name(entry.name)
    if not entry.role:
        found.append(_error("required", "role", "Choose a role."))
    elif entry.role not in ROLES:
        found.append(_error("unknown_choice", "role", "Choose one of the roles of the list."))
    if not clinician_known:
        found.append(
            _error("unknown_choice", "clinician", "No clinician has this number: choose one of the list.")
        )
    elif entry.role == "clinician" and not entry.clinician.strip():
        found.append(
            _error(
                "required",
                "clinician",
                "Choose the clinician: a user with this role sees that clinician's clients.",
            )
        )
    return found


def judge_name(name: str) -> list[Finding]:
    if not name.strip():
        return [_error("required", "name", "Give the person's name: the history shows it.")]
    if len(name.strip()) > LONGEST_NAME:
        return [_error("too_long", "name", f"Use at most {LONGEST_NAME} characters.")]
    return []


def _error(code: str, field: str, message: str) -> Finding:
    return Finding(code, field, "error", message)

"""What an address asks for besides the page: places and filters, none of which names a person."""

import re

from flask import request

from caseapp.domain.entry_reader import is_text

_PUBLIC_ID = re.compile("[a-z0-9]{20}")
_LONGEST_CODE = 100


def public_id_of(text: str) -> str | None:
    """The text where it could be a public ID, else None."""
    return text if _PUBLIC_ID.fullmatch(text) else None


def code_of(text: str) -> str:
    """The text where it could be a code or number, else empty."""
    text = text.strip()
    return text if is_text(text) and len(text) <= _LONGEST_CODE else ""


def public_id_asked(name: str) -> str | None:
    """The public ID in this part of the address, None where there is none that could be one."""
    return public_id_of(request.args.get(name, ""))


def code_asked(name: str) -> str:
    """The code or number in this part of the address, empty where there is none that could be one."""
    return code_of(request.args.get(name, ""))

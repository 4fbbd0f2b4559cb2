"""Signing in to a frame where the provider refuses frames: in a window of its own, which shows a code.

Browsers keep the cookies of a frame on another site apart from those of a window, so that a sign-in of the
window is none of the frame; the code brings it there. It is good for a few minutes, for one user, and for one
frame alone: the frame keeps a secret, and tells the window only its digest.
"""

import base64
import binascii
import re
import struct
from datetime import datetime

from flask import Response, make_response, render_template, request, session

from caseapp.config import current_settings
from caseapp.forms.sign_in import FrameCodeForm
from caseapp.usecases.account_kit import new_token, token_digest
from caseapp.web.account_kit import account_kit
from caseapp.web.unsigned import KEPT

SECRET = "frame_secret"  # noqa: S105  # the name under which it is kept
GOOD_MINUTES = 5
_PROOF_BYTES = 9
_CODE = struct.Struct(f">IH{_PROOF_BYTES}s")
_DIGEST = re.compile("[0-9a-f]{64}")


def is_needed() -> bool:
    """Whether this request fills a frame, in which a provider would refuse to be shown."""
    return current_settings().auth == "oidc" and request.headers.get("Sec-Fetch-Dest") == "iframe"


def page(form: FrameCodeForm, wanted: str, status: int = 200) -> Response:
    """The page in the frame: the link that opens the window, and the field for its code."""
    form.next.data = wanted
    if SECRET not in session:
        session[SECRET] = new_token()
    drawn = render_template(
        "sign_in/from_frame.html", form=form, frame=token_digest(session[SECRET]), again=KEPT in session
    )
    return make_response(drawn, status)


def frame_asked(text: str) -> str:
    """The digest of a frame's secret; empty for anything else."""
    return text if _DIGEST.fullmatch(text) else ""


def code_for(user_id: int, frame: str, now: datetime) -> str:
    """Four groups of six letters and digits."""
    minute = int(now.timestamp()) // 60 % 2**16
    packed = _CODE.pack(user_id, minute, _proof(user_id, frame, minute))
    letters = base64.b32encode(packed).decode()
    return "-".join(letters[start : start + 6] for start in range(0, len(letters), 6))


def user_of(code: str, now: datetime) -> int | None:
    """Whom a code signs in to the frame that this request is from; None where it is wrong, or over."""
    secret = session.get(SECRET)
    try:
        packed = base64.b32decode(re.sub(r"[\s-]", "", code).upper())
        user_id, minute, proof = _CODE.unpack(packed)
    except (binascii.Error, struct.error, ValueError):
        return None
    age = (int(now.timestamp()) // 60 - minute) % 2**16
    if not isinstance(secret, str) or age >= GOOD_MINUTES:
        return None
    return user_id if proof == _proof(user_id, token_digest(secret), minute) else None


def _proof(user_id: int, frame: str, minute: int) -> bytes:
    return bytes.fromhex(account_kit().digest(f"frame {frame} {user_id} {minute}"))[:_PROOF_BYTES]

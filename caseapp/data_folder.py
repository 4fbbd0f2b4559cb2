"""The data folder: made for its owner alone, with the secret key that is kept in it."""

import os
import secrets
from pathlib import Path

KEY_FILE_NAME = "secret_key"


class PracticeUnavailable(Exception):
    """One sentence that says why a practice cannot be opened here."""


def make_private_folder(folder: Path) -> None:
    """Make `folder` (mode 0700) where it is missing. Raises PracticeUnavailable where it cannot be used."""
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    except FileExistsError as error:
        raise PracticeUnavailable(f"The data folder {folder} is a file, not a folder.") from error
    except NotADirectoryError as error:
        raise PracticeUnavailable(f"The data folder {folder} lies below a file, not a folder.") from error
    except (OSError, ValueError) as error:
        raise PracticeUnavailable(f"The data folder {folder} cannot be made: {_reason(error)}.") from error
    probe = folder / f".write-{secrets.token_hex(8)}"
    try:
        probe.touch(mode=0o600, exist_ok=False)
        probe.unlink()
    except OSError as error:
        raise PracticeUnavailable(f"The data folder {folder} cannot be written: {_reason(error)}.") from error


def kept_secret_key(folder: Path) -> str:
    """The key that signs sessions and form tokens; made in the folder (mode 0600) the first time."""
    path = folder / KEY_FILE_NAME
    make_private_folder(folder)
    try:
        # Written aside and linked into place, so that of two starts at once both read one whole key.
        if not path.exists():
            new = folder / f".{KEY_FILE_NAME}-{secrets.token_hex(8)}"
            descriptor = os.open(new, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
            with os.fdopen(descriptor, "w", encoding="ascii") as file:
                file.write(secrets.token_urlsafe(48))
            if path.exists():
                new.unlink()
            else:
                new.rename(path)
        key = path.read_text(encoding="ascii").strip()
    except (OSError, ValueError) as error:
        raise PracticeUnavailable(
            f"The secret key {path} cannot be read or made: {_reason(error)}."
        ) from error
    if len(key) < 32:
        raise PracticeUnavailable(
            f"The secret key {path} is too short: remove the file, and a new one is made."
        )
    return key


def _reason(error: Exception) -> str:
    return (getattr(error, "strerror", None) or str(error)).lower()

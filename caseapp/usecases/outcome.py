"""How a use-case that changes a record ends."""

from dataclasses import dataclass

from caseapp.domain.finding import Finding


class UnknownRecord(LookupError):
    """There is no such record, or the actor may not see it: both look the same from outside."""


@dataclass(frozen=True, slots=True)
class Refused:
    """Nothing was stored. `errors` say why; `version` is what the stored record has now."""

    errors: tuple[Finding, ...]
    version: int | None = None


@dataclass(frozen=True, slots=True)
class Saved:
    """It stands under this public ID, or stood already: the same request again answers the same."""

    public_id: str
    message: str
    warnings: tuple[Finding, ...] = ()

"""The National Provider Identifier of an individual."""

import re
from functools import lru_cache

_SHAPE = re.compile(r"[12][0-9]{9}")
_ISSUER = "80840"


@lru_cache(maxsize=4096)
def npi_is_valid(npi: str | None) -> bool:
    """Ten digits, the first 1 or 2, and the Luhn check over 80840 and the ten digits.

    Source: docs/domain.md, NPI; 45 CFR 162.406 and the NPI check digit standard of CMS.
    """
    if not npi or not _SHAPE.fullmatch(npi):
        return False
    total = 0
    for place, digit in enumerate(reversed(_ISSUER + npi)):
        doubled = int(digit) * (1 + place % 2)
        total += doubled - 9 if doubled > 9 else doubled
    return total % 10 == 0

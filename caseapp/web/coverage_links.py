"""Addresses of the list of coverage gaps."""

from urllib.parse import urlencode

from flask import request


def coverage_address(**filters: str) -> str:
    """The list, narrowed by code, severity, service line, payor or clinician."""
    path = f"{request.script_root}/coverage"
    return f"{path}?{urlencode(filters)}" if filters else path

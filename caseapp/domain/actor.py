"""Who does something: every query and every audit event names one."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Actor:
    """A person or program that reads or writes; `name` is what the history shows."""

    name: str


LOCAL_USER = Actor("local user")
"""Stands in for everybody while there are no accounts and only this computer is served."""

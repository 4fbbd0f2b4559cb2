"""Who asks."""

from caseapp.domain.actor import LOCAL_USER, Actor


def current_actor() -> Actor:
    """The actor of this request: everybody on this computer, while there are no accounts."""
    return LOCAL_USER

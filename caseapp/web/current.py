"""What a request is judged by: the practice's zone and notice, from the settings."""

from caseapp.config import current_settings
from caseapp.domain.practice import Practice


def current_practice() -> Practice:
    settings = current_settings()
    return Practice(settings.zone, settings.notice)

"""Emergency access: for how long, and with what reason."""

from datetime import timedelta

from caseapp.domain.finding import Finding

LASTS = timedelta(minutes=60)
SHORTEST_REASON = 10
LONGEST_REASON = 500


def judge_reason(reason: str) -> list[Finding]:
    typed = reason.strip()
    if not typed:
        return [Finding("required", "reason", "error", "Say why: the reason is recorded beside your name.")]
    if len(typed) < SHORTEST_REASON:
        return [
            Finding("too_short", "reason", "error", "Say it in a few words, so that others understand it.")
        ]
    if len(typed) > LONGEST_REASON:
        return [Finding("too_long", "reason", "error", f"Use at most {LONGEST_REASON} characters.")]
    return []

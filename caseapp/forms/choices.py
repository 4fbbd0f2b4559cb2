"""What a list of a form offers."""

from collections.abc import Iterable

from wtforms.fields.choices import SelectChoice


def offered(placeholder: str, known: Iterable[tuple[str, str]], typed: str | None) -> list[SelectChoice]:
    """The known (value, words) behind a placeholder; what was sent stays chosen, known or not."""
    choices = [SelectChoice("", placeholder), *(SelectChoice(value, words) for value, words in known)]
    if typed and all(choice.value != typed for choice in choices):
        choices.append(SelectChoice(typed, f"{typed} (not known)"))
    return choices

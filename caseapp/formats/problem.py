"""What is wrong with a file or a line of it, in one sentence that says where."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Problem:
    """`file` as the person named it, `line` counted from 1, `column` by its heading."""

    file: str
    sentence: str
    line: int | None = None
    column: str | None = None

    def __str__(self) -> str:
        place = self.file if self.line is None else f"{self.file}:{self.line}"
        return ": ".join(part for part in (place, self.column, self.sentence) if part)


class UnreadableFileError(Exception):
    """A file or folder as a whole cannot be read; no line of it can be trusted."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(str(problem))
        self.problem = problem

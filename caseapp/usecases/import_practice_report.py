"""What an import did, and what it had to leave out."""

from dataclasses import dataclass, field

from caseapp.formats.problem import Problem

MOST_TOLD = 1_000
"""A file of a million bad lines must not fill the memory with sentences."""


class ChangedMeanwhileError(Exception):
    """Somebody else saved a row between its reading and its writing; nothing was stored."""


@dataclass(slots=True)
class FileReport:
    """Counts of one file's rows: rows == added + changed + unchanged + refused."""

    file: str
    rows: int = 0
    added: int = 0
    changed: int = 0
    unchanged: int = 0
    refused: int = 0

    def counts(self) -> dict[str, int]:
        return {
            "rows": self.rows,
            "added": self.added,
            "changed": self.changed,
            "unchanged": self.unchanged,
            "refused": self.refused,
        }


@dataclass(slots=True)
class ImportReport:
    """`stored` says whether the good rows are in; `problems` and `warnings` hold the first 1,000 of each."""

    files: list[FileReport] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    warnings: list[Problem] = field(default_factory=list)
    notices: list[str] = field(default_factory=list)
    warning_count: int = 0
    stored: bool = False

    @property
    def refused(self) -> int:
        return sum(file.refused for file in self.files)

    @property
    def written(self) -> int:
        return sum(file.added + file.changed for file in self.files)

    def refuse(self, problems: list[Problem]) -> None:
        """Tell problems of the file that is being read; several of one line are one refused row."""
        self.files[-1].refused += len({problem.line for problem in problems})
        self.problems.extend(problems[: MOST_TOLD - len(self.problems)])

    def warn(self, warnings: list[Problem]) -> None:
        self.warning_count += len(warnings)
        self.warnings.extend(warnings[: MOST_TOLD - len(self.warnings)])

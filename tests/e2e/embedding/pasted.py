"""What docs/embedding.md says to paste, with the addresses of a test in the place of its own."""

import re
from pathlib import Path

TEXT = (Path(__file__).parents[3] / "docs" / "embedding.md").read_text(encoding="utf-8")
CASEAPP = "https://caseapp.example.org"


def pasted(kind: str, holding: str, changes: dict[str, str]) -> str:
    """The block of this kind (html, js) that holds these words."""
    blocks: list[str] = re.findall(rf"```{kind}\n(.*?)```", TEXT, re.DOTALL)
    (block,) = (block for block in blocks if holding in block)
    for old, new in changes.items():
        assert old in block, old
        block = block.replace(old, new)
    return block

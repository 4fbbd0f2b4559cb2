"""What the documents say to paste, with the addresses of a test in the place of its own."""

import re
from pathlib import Path

DOCS = Path(__file__).parents[3] / "docs"
CASEAPP = "https://caseapp.example.org"


def pasted(kind: str, holding: str, changes: dict[str, str], document: str = "embedding.md") -> str:
    """The block of this kind (html, js, nginx) that holds these words."""
    text = (DOCS / document).read_text(encoding="utf-8")
    blocks: list[str] = re.findall(rf"```{kind}\n(.*?)```", text, re.DOTALL)
    (block,) = (block for block in blocks if holding in block)
    for old, new in changes.items():
        assert old in block, old
        block = block.replace(old, new)
    return block

"""What docs/security.md claims as proven: every test that it names is there, every safeguard has a row."""

import re
from pathlib import Path

ROOT = Path(__file__).parent.parent
SECURITY = (ROOT / "docs" / "security.md").read_text(encoding="utf-8")
ROWS = [line for line in SECURITY.splitlines() if line.startswith("| (")]
# 45 CFR 164.312: each standard, and each specification of one that has any.
SAFEGUARDS = (
    "(a)(1) (a)(2)(i) (a)(2)(ii) (a)(2)(iii) (a)(2)(iv) (b) (c)(1) (c)(2) (d) (e)(1) (e)(2)(i) (e)(2)(ii)"
)


def named(text: str) -> list[Path]:
    """The tests and folders of tests in `text`; a bare name lies beside the one before it."""
    found: list[Path] = []
    for name in re.findall(r"`((?:tests/)?[\w/]*test_\w+\.py|tests/[\w/]+/)`", text):
        path = Path(name)
        found.append(path if path.parts[0] == "tests" else found[-1].parent / path)
    return found


def test_every_test_that_is_named_is_there() -> None:
    paths = named(SECURITY)
    assert len(paths) > 30
    for path in paths:
        proves = [ROOT / path] if path.suffix else sorted((ROOT / path).glob("test_*.py"))
        assert proves, path
        for file in proves:
            assert file.is_file(), path
            assert re.search(r"^def test_", file.read_text(encoding="utf-8"), re.MULTILINE), path


def test_every_technical_safeguard_has_a_row_with_a_test() -> None:
    assert [row.split("|")[1].split()[0] for row in ROWS] == SAFEGUARDS.split()
    for row in ROWS:
        assert named(row.split("|")[4]), row

from pathlib import Path

import pytest

from caseapp.formats.problem import UnreadableFileError
from caseapp.formats.taxonomy_codes import LARGEST_FILE, read_taxonomy_codes

NUCC = (
    '"Code","Grouping","Classification","Specialization","Definition","Notes","Display Name","Section"\r\n'
    '"103K00000X","Behavioral Health","Behavior Analyst","","A definition,\r\nof two lines.","",'
    '"Behavior Analyst","Individual"\r\n'
    '"225XP0200X","Therapy","Occupational Therapist","Pediatrics","","","Pediatric Occupational Therapist",'
    '"Individual"\r\n'
)


def written(folder: Path, content: str | bytes, name: str = "codes.csv") -> Path:
    path = folder / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


def test_the_publishers_file_is_read(tmp_path: Path) -> None:
    read = read_taxonomy_codes(written(tmp_path, NUCC))

    assert read.problems == ()
    assert read.codes == {
        "103K00000X": "Behavior Analyst",
        "225XP0200X": "Pediatric Occupational Therapist",
    }


@pytest.mark.parametrize(
    "content",
    [
        "﻿Code,Display Name\n103K00000X,Analyst\n",
        "code,discipline\n103k00000x,Analyst\n\n",
        "DISPLAY_NAME,Section,Taxonomy Code\nAnalyst,Individual, 103K00000X \n",
        "Code,Classification,Specialization\n103K00000X,Analyst,\n",
        b"Code,Display Name,Definition\n103K00000X,Analyst,caf\xe9 \x96 \xae\n",
    ],
)
def test_headings_and_encodings_may_differ(tmp_path: Path, content: str | bytes) -> None:
    assert read_taxonomy_codes(written(tmp_path, content)).codes == {"103K00000X": "Analyst"}


def test_a_name_is_put_together_where_none_is_displayed(tmp_path: Path) -> None:
    path = written(tmp_path, "Code,Classification,Specialization\n225XP0200X,Therapist,Pediatrics\n")

    assert read_taxonomy_codes(path).codes == {"225XP0200X": "Therapist, Pediatrics"}


def test_each_bad_line_is_told_with_its_place(tmp_path: Path) -> None:
    lines = [
        "Code,Display Name",
        "103K,x",
        "103K00000X,A",
        "103K00000X,B",
        "225X00000X,",
        f"1041C0700X,{'x' * 501}",
    ]

    read = read_taxonomy_codes(written(tmp_path, "\n".join(lines)))

    assert [str(problem) for problem in read.problems] == [
        "codes.csv:2: '103K' is no taxonomy code: nine letters or digits and an X.",
        "codes.csv:4: The code 103K00000X stands on an earlier line already.",
        "codes.csv:5: The code 225X00000X has no name.",
        "codes.csv:6: The name of 1041C0700X is longer than 500 characters.",
    ]


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"Code,Display Name\n",
        b"Name,Section\nx,y\n",
        b"PK\x03\x04" + b"\0" * 30,
        "Code,Display Name\n".encode("utf-16"),
        b"Code,Display Name\n\0,\n",
        b'Code,Display Name\n"103K00000X,Analyst\n',
    ],
)
def test_a_file_that_is_none_is_refused_in_one_sentence(tmp_path: Path, content: bytes) -> None:
    with pytest.raises(UnreadableFileError) as refused:
        read_taxonomy_codes(written(tmp_path, content))

    assert str(refused.value).startswith("codes.csv")
    assert str(refused.value).endswith(".")


def test_a_folder_and_a_huge_file_are_refused(tmp_path: Path) -> None:
    with pytest.raises(UnreadableFileError, match="folder"):
        read_taxonomy_codes(tmp_path)
    with pytest.raises(UnreadableFileError, match="larger than 20 MB"):
        read_taxonomy_codes(written(tmp_path, b"x" * (LARGEST_FILE + 1)))

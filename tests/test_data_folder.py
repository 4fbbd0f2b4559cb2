from pathlib import Path

import pytest

from caseapp.data_folder import PracticeUnavailable, kept_secret_key, make_private_folder


def test_the_folder_and_the_key_in_it_are_for_their_owner_alone(tmp_path: Path) -> None:
    folder = tmp_path / "new" / "data"

    kept_secret_key(folder)

    assert folder.stat().st_mode & 0o777 == 0o700
    assert [path.name for path in folder.iterdir()] == ["secret_key"]
    assert (folder / "secret_key").stat().st_mode & 0o777 == 0o600


def test_the_key_is_made_once_and_kept(tmp_path: Path) -> None:
    key = kept_secret_key(tmp_path)

    assert len(key) >= 64
    assert kept_secret_key(tmp_path) == key


def test_two_folders_have_different_keys(tmp_path: Path) -> None:
    assert kept_secret_key(tmp_path / "a") != kept_secret_key(tmp_path / "b")


@pytest.mark.parametrize("content", [b"", b"short", "é".encode() * 40])
def test_a_spoilt_key_is_told_and_left_alone(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "secret_key").write_bytes(content)

    with pytest.raises(PracticeUnavailable, match=r"^The secret key .+\.$"):
        kept_secret_key(tmp_path)
    assert (tmp_path / "secret_key").read_bytes() == content


def test_a_file_in_the_folders_place_is_told(tmp_path: Path) -> None:
    file = tmp_path / "file"
    file.touch()

    with pytest.raises(PracticeUnavailable, match=r"is a file, not a folder\.$"):
        make_private_folder(file)
    with pytest.raises(PracticeUnavailable, match=r"lies below a file, not a folder\.$"):
        make_private_folder(file / "below")


def test_a_folder_that_cannot_be_made_is_told() -> None:
    with pytest.raises(PracticeUnavailable, match=r"cannot be made: .+\.$"):
        make_private_folder(Path("/proc/caseapp"))


def test_a_folder_that_cannot_be_written_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise PermissionError(13, "Permission denied")

    # The tests may run as root, whom no mode keeps out.
    monkeypatch.setattr(Path, "touch", refuse)

    with pytest.raises(PracticeUnavailable, match=r"cannot be written: permission denied\.$"):
        make_private_folder(tmp_path)


def test_no_trial_file_is_left_behind(tmp_path: Path) -> None:
    make_private_folder(tmp_path)

    assert not any(tmp_path.iterdir())

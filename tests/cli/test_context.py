from pathlib import Path

import pytest
from click.exceptions import Exit
from sqlalchemy import select

from caseapp.cli.context import open_practice
from caseapp.data_folder import PracticeUnavailable
from caseapp.models import ServiceLine


@pytest.fixture(autouse=True)
def _no_settings(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("CASEAPP_DATABASE_URL", raising=False)
    monkeypatch.setenv("CASEAPP_NOW", "2026-11-23T02:00:00Z")


def names_in(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def codes(folder: Path) -> list[str]:
    with open_practice(folder) as practice:
        return list(practice.session.scalars(select(ServiceLine.code)))


def add_line(folder: Path, *, keep: bool = True, ends: BaseException | None = None) -> None:
    with open_practice(folder, create=True, keep=keep) as practice:
        practice.session.add(ServiceLine(code="ABA", name="ABA", recorded_at=practice.now))
        practice.session.commit()
        if ends is not None:
            raise ends


def test_a_command_is_told_the_instant_and_the_practices_day(tmp_path: Path) -> None:
    with open_practice(tmp_path, create=True) as practice:
        assert practice.now.isoformat() == "2026-11-23T02:00:00+00:00"
        assert practice.today.isoformat() == "2026-11-22"
        assert practice.settings.data_dir == tmp_path


def test_what_a_command_writes_is_there_for_the_next(tmp_path: Path) -> None:
    add_line(tmp_path)

    assert codes(tmp_path) == ["ABA"]
    assert names_in(tmp_path) == ["caseapp.db"]


def test_a_folder_without_a_practice_is_told(tmp_path: Path) -> None:
    with (
        pytest.raises(PracticeUnavailable, match=r"^There is no practice in .+ --data\.$"),
        open_practice(tmp_path),
    ):
        pass
    assert names_in(tmp_path) == []


def test_a_folder_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(PracticeUnavailable), open_practice(tmp_path / "missing"):
        pass
    assert names_in(tmp_path) == []


@pytest.mark.parametrize("ends", [ValueError(), Exit(2), KeyboardInterrupt()])
def test_a_new_practice_whose_first_command_failed_is_not_kept(tmp_path: Path, ends: BaseException) -> None:
    with pytest.raises(type(ends)):
        add_line(tmp_path, ends=ends)

    assert names_in(tmp_path) == []


def test_a_new_practice_is_kept_where_something_only_needs_attention(tmp_path: Path) -> None:
    with pytest.raises(Exit) as ended:
        add_line(tmp_path, ends=Exit(1))

    assert ended.value.exit_code == 1
    assert codes(tmp_path) == ["ABA"]


def test_a_trial_leaves_no_new_practice(tmp_path: Path) -> None:
    add_line(tmp_path, keep=False)

    assert names_in(tmp_path) == []

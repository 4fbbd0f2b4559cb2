import ast
import importlib.util
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

import bootstrap

ROOT = Path(bootstrap.__file__).parent


@pytest.fixture
def venv(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The place of an environment that is not there yet."""
    folder = tmp_path / "a place with spaces" / ".venv"
    monkeypatch.setattr(bootstrap, "VENV", folder)
    monkeypatch.setattr(bootstrap, "STAMP", folder / bootstrap.STAMP.name)
    monkeypatch.setattr(bootstrap, "PYTHON", folder / bootstrap.PYTHON.relative_to(ROOT / ".venv"))
    return folder


@pytest.fixture
def installed(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What was handed to pip, which is not run."""
    handed: list[str] = []
    monkeypatch.setattr(bootstrap, "install", handed.append)
    return handed


def top_level_imports(path: Path) -> set[str]:
    found = set()
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            found |= {alias.name.partition(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            found.add((node.module or "").partition(".")[0])
    return found


def test_what_runs_before_the_environment_uses_the_standard_library_alone() -> None:
    assert top_level_imports(ROOT / "bootstrap.py") <= sys.stdlib_module_names
    # Only the branch of app.py that is not the script imports the package.
    assert top_level_imports(ROOT / "app.py") - sys.stdlib_module_names == {"bootstrap", "caseapp"}


def test_a_half_made_environment_is_made_again(venv: Path, installed: list[str]) -> None:
    bootstrap.PYTHON.parent.mkdir(parents=True)
    bootstrap.PYTHON.symlink_to(venv / "python-that-is-gone")

    bootstrap.prepare("test")

    assert bootstrap.works()
    assert installed == [".[test]"]


def test_a_second_start_does_nothing(
    venv: Path, installed: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    bootstrap.prepare("test", "dev")
    installed.clear()
    monkeypatch.setattr(subprocess, "run", lambda *_, **__: pytest.fail("a process was started"))

    bootstrap.prepare("test")
    bootstrap.prepare()

    assert installed == []


def test_a_part_that_is_missing_or_other_parts_install_again(
    venv: Path, installed: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    bootstrap.prepare()
    bootstrap.prepare("test")
    monkeypatch.setattr(bootstrap, "fingerprint", lambda: "other parts")
    bootstrap.prepare()

    assert installed == [".", ".[test]", "."]


def test_an_install_that_failed_is_tried_again(venv: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    tried: list[str] = []

    def fail(what: str) -> None:
        tried.append(what)
        raise bootstrap.SetupFailed("No internet.")

    monkeypatch.setattr(bootstrap, "install", fail)

    for _ in range(2):
        with pytest.raises(bootstrap.SetupFailed):
            bootstrap.prepare()
    assert len(tried) == 2


@pytest.mark.parametrize("missing", ["venv", "ensurepip"])
def test_a_python_without_venv_is_told_the_line_that_mends_it(
    venv: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], missing: str
) -> None:
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None if name == missing else True)

    with pytest.raises(SystemExit) as ended:
        bootstrap.main([])

    assert ended.value.code == 2
    errors = capsys.readouterr().err
    assert "sudo apt install python3-venv" in errors
    assert errors.count("\n") == 1
    assert not venv.exists()


def test_a_checkout_that_cannot_be_written_is_told(venv: Path, capsys: pytest.CaptureFixture[str]) -> None:
    venv.parent.touch()

    with pytest.raises(SystemExit) as ended:
        bootstrap.main([])

    assert ended.value.code == 2
    assert "cannot be made" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("arguments", "command"),
    [
        ([], ["caseapp", "serve"]),
        (["--port", "1", "--demo"], ["caseapp", "serve", "--port", "1", "--demo"]),
        (["test"], ["pytest", "--numprocesses=auto"]),
        (["test", "-k", "npi"], ["pytest", "-k", "npi"]),
    ],
)
def test_the_command_line_chooses_what_is_run(
    monkeypatch: pytest.MonkeyPatch, arguments: list[str], command: list[str]
) -> None:
    run: list[list[str]] = []
    monkeypatch.setattr(bootstrap, "prepare", lambda *_: None)
    monkeypatch.setattr(bootstrap, "find_chromium", dict)
    monkeypatch.setattr(bootstrap, "find_nginx", lambda: None)
    monkeypatch.setattr(bootstrap, "find_shell", lambda: None)
    monkeypatch.setattr(bootstrap, "run_module", lambda command, _: run.append(command))

    bootstrap.main(arguments)

    assert run == [command]


@pytest.fixture
def apt(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What was asked of apt, which is not run."""
    asked: list[str] = []
    monkeypatch.setattr(bootstrap, "apt_install", asked.append)
    monkeypatch.setattr(bootstrap, "is_apt_usable", lambda: True)
    monkeypatch.setattr(bootstrap, "playwright", lambda *_: True)
    return asked


def test_the_chromium_of_the_path_is_taken(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, apt: list[str]
) -> None:
    browser = tmp_path / "chromium"
    browser.touch(mode=0o755)
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.delenv("CHROMIUM", raising=False)

    assert bootstrap.find_chromium()["CHROMIUM"] == str(browser)
    assert apt == []


def test_what_the_browser_tests_lack_is_installed(monkeypatch: pytest.MonkeyPatch, apt: list[str]) -> None:
    monkeypatch.setattr(bootstrap, "playwright", lambda *_: False)
    monkeypatch.setattr(bootstrap, "chromium", lambda: "/usr/bin/chromium" if "chromium" in apt else None)

    assert bootstrap.find_chromium()["CHROMIUM"] == "/usr/bin/chromium"
    assert apt == ["libatomic1", "chromium"]


def test_where_apt_may_not_be_used_playwright_installs_its_own(
    monkeypatch: pytest.MonkeyPatch, apt: list[str]
) -> None:
    asked: list[tuple[str, ...]] = []

    def playwright(*arguments: str) -> bool:
        asked.append(arguments)
        return True

    monkeypatch.setattr(bootstrap, "is_apt_usable", lambda: False)
    monkeypatch.setattr(bootstrap, "playwright", playwright)
    monkeypatch.setattr(bootstrap, "chromium", lambda: None)

    with pytest.raises(bootstrap.SetupFailed, match="No Chromium was found"):
        bootstrap.find_chromium()
    assert ("install", "chromium") in asked
    assert apt == []


@pytest.mark.parametrize(("there", "usable", "asked"), [(0, 1, ["nginx-light"]), (1, 1, []), (0, 0, [])])
def test_nginx_is_installed_where_it_is_missing_and_can_be(
    monkeypatch: pytest.MonkeyPatch, apt: list[str], there: int, usable: int, asked: list[str]
) -> None:
    monkeypatch.setattr(shutil, "which", lambda *_, **__: "/usr/sbin/nginx" if there else None)
    monkeypatch.setattr(bootstrap, "is_apt_usable", lambda: bool(usable))

    bootstrap.find_nginx()

    assert apt == asked


def test_a_library_that_only_root_can_install_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bootstrap, "is_apt_usable", lambda: False)

    with pytest.raises(bootstrap.SetupFailed, match="sudo apt install libatomic1; then try again"):
        bootstrap.apt_install("libatomic1")


def test_imported_app_py_offers_a_wsgi_application(tmp_path: Path) -> None:
    script = "from app import app; print(app.test_client().get('/readyz').json)"

    result = subprocess.run(
        [sys.executable, "-c", script],
        cwd=ROOT,
        env=os.environ | {"CASEAPP_DATA_DIR": str(tmp_path)},
        capture_output=True,
        text=True,
        check=True,
    )

    assert result.stdout == "{'status': 'ready'}\n"


@pytest.mark.parametrize(
    ("there", "usable", "asked"), [(0, 1, ["chromium-headless-shell"]), (1, 1, []), (0, 0, [])]
)
def test_a_chromium_without_windows_is_installed_where_it_is_missing_and_can_be(
    monkeypatch: pytest.MonkeyPatch, apt: list[str], there: int, usable: int, asked: list[str]
) -> None:
    monkeypatch.setattr(shutil, "which", lambda *_, **__: "/usr/bin/shell" if there else None)
    monkeypatch.setattr(bootstrap, "is_apt_usable", lambda: bool(usable))

    bootstrap.find_shell()

    assert apt == asked


def test_without_it_any_other_chromium_does(monkeypatch: pytest.MonkeyPatch) -> None:
    def apt_install(package: str) -> None:
        raise bootstrap.SetupFailed(package)

    monkeypatch.setattr(shutil, "which", lambda *_, **__: None)
    monkeypatch.setattr(bootstrap, "is_apt_usable", lambda: True)
    monkeypatch.setattr(bootstrap, "apt_install", apt_install)

    bootstrap.find_shell()

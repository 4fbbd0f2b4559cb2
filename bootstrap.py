"""Makes the environment in .venv and runs Caseapp or its tests in it.

Runs before anything is installed, so it uses the standard library alone.
"""

import contextlib
import hashlib
import importlib.util
import os
import shutil
import signal
import subprocess
import sys
from pathlib import Path
from typing import NoReturn

ROOT = Path(__file__).resolve().parent
VENV = ROOT / ".venv"
STAMP = VENV / "caseapp-installed"  # written last: what .venv was made from, and the extras in it
PYTHON = VENV / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
SHELL = "chromium-headless-shell"  # Chromium without the windows that nobody sees
CHROMIUM_NAMES = ("chromium", "chromium-browser", "google-chrome-stable", "google-chrome")


class SetupFailed(Exception):
    """One sentence that says what is missing and how to mend it."""


def main(arguments: list[str]) -> NoReturn:
    """Serve, or with `test` as the first argument run the tests. Exits with 2 where the set-up failed."""
    try:
        if arguments[:1] == ["test"]:
            prepare("test")
            os.chdir(ROOT)
            find_nginx()
            find_shell()
            command, environ = ["pytest", *(arguments[1:] or ["--numprocesses=auto"])], find_chromium()
        else:
            prepare()
            command, environ = ["caseapp", "serve", *arguments], dict(os.environ)
    except SetupFailed as error:
        sys.stderr.write(f"{error}\n")
        sys.exit(2)
    except OSError as error:
        sys.stderr.write(f"The environment {VENV} cannot be made: {error.strerror or error}.\n")
        sys.exit(2)
    except KeyboardInterrupt:
        sys.exit(130)
    run_module(command, environ)


def run_module(command: list[str], environ: dict[str, str]) -> NoReturn:
    """Become `python -m command` of the environment, so that signals reach it alone."""
    line = [str(PYTHON), "-m", *command]
    if os.name != "nt":
        os.execve(PYTHON, line, environ)  # noqa: S606  # replaces this process; no shell is wanted
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the child gets Ctrl-C too, and decides
    sys.exit(subprocess.call(line, env=environ))


def prepare(*extras: str) -> None:
    """Make or mend .venv so that it holds Caseapp with `extras`; done at once where it does already."""
    made_from, *installed = STAMP.read_text().split() if STAMP.is_file() else [""]
    if made_from == fingerprint() and set(extras) <= set(installed) and PYTHON.exists():
        return
    print("Setting up Caseapp in .venv; this is done once and takes a minute or two …", flush=True)
    STAMP.unlink(missing_ok=True)
    if not works():
        make_venv()
    install(f".[{','.join(extras)}]" if extras else ".")
    STAMP.write_text(" ".join([fingerprint(), *extras]))


def fingerprint() -> str:
    """Changes with whatever makes an environment stale: the parts, the Python, the place."""
    facts = (ROOT / "pyproject.toml").read_bytes() + f"{sys.version_info[:2]}\n{ROOT}".encode()
    return hashlib.sha256(facts).hexdigest()


def works() -> bool:
    """Whether .venv is of this Python and has pip; one half-made, or of a Python since gone, has not."""
    check = f"import pip, sys; sys.exit(sys.version_info[:2] != {sys.version_info[:2]})"
    try:
        return subprocess.run([PYTHON, "-I", "-c", check], capture_output=True, check=False).returncode == 0
    except OSError:
        return False


def make_venv() -> None:
    if importlib.util.find_spec("venv") is None or importlib.util.find_spec("ensurepip") is None:
        raise SetupFailed(
            "Python's venv is missing. On Debian or Ubuntu: sudo apt install python3-venv; then start again."
        )
    import venv

    try:
        venv.EnvBuilder(clear=True, with_pip=True, symlinks=os.name != "nt").create(VENV)
    except subprocess.CalledProcessError as error:
        raise SetupFailed(f"The environment {VENV} cannot be made: pip could not be put into it.") from error


def install(what: str) -> None:
    pip = [str(PYTHON), "-I", "-m", "pip", "--quiet", "--disable-pip-version-check"]
    environ = os.environ | {"PIP_USER": "0"}  # inside an environment pip refuses to install for the user
    result = subprocess.run([*pip, "install", "--editable", what], cwd=ROOT, env=environ, check=False)
    if result.returncode != 0:
        raise SetupFailed(
            "The parts could not be installed: the reason stands above. The first start needs the internet."
        )


def find_chromium() -> dict[str, str]:
    """The environment with CHROMIUM, the browser for the tests; what it lacks is installed."""
    if not playwright("--version"):
        # Its driver is a program of its own, and needs a library that a bare Debian has not.
        apt_install("libatomic1")
    found = chromium()
    if not found:
        print("Installing Chromium for the browser tests …", flush=True)
        if is_apt_usable():
            apt_install("chromium")
        elif not playwright("install", "chromium"):
            raise SetupFailed("Playwright could not install its Chromium: install one, then try again.")
        found = chromium()
    if not found:
        raise SetupFailed("No Chromium was found for the browser tests: install one, then try again.")
    return os.environ | {"CHROMIUM": found}


def find_nginx() -> None:
    """Install nginx for the tests of a proxy; where that cannot be done here they say that it is missing."""
    if (
        shutil.which("nginx", path=f"{os.environ.get('PATH', '')}{os.pathsep}/usr/sbin")
        or not is_apt_usable()
    ):
        return
    print("Installing nginx for the tests of a proxy …", flush=True)
    apt_install("nginx-light")


def find_shell() -> None:
    """Install the Chromium in which most browser tests take half the time. Without it, any other does."""
    if shutil.which(SHELL) or not is_apt_usable():
        return
    print("Installing Chromium without windows for the browser tests …", flush=True)
    with contextlib.suppress(SetupFailed):
        apt_install(SHELL)


def chromium() -> str | None:
    """The Chromium that was named, is on the path, or was installed by Playwright."""
    on_path = (os.environ.get("CHROMIUM"), *map(shutil.which, CHROMIUM_NAMES))
    return next(filter(None, on_path), None) or playwright_chromium()


def playwright_chromium() -> str | None:
    script = (
        "from playwright.sync_api import sync_playwright\n"
        "with sync_playwright() as p: print(p.chromium.executable_path)"
    )
    result = subprocess.run([PYTHON, "-I", "-c", script], capture_output=True, text=True, check=False)
    path = result.stdout.strip()
    return path if path and Path(path).is_file() else None


def playwright(*arguments: str) -> bool:
    """Run Playwright's own command quietly; whether it went well."""
    command = [str(PYTHON), "-I", "-m", "playwright", *arguments]
    return subprocess.run(command, capture_output=True, check=False).returncode == 0


def is_apt_usable() -> bool:
    return os.name != "nt" and os.geteuid() == 0 and shutil.which("apt-get") is not None


def apt_install(package: str) -> None:
    if not is_apt_usable():
        raise SetupFailed(
            f"{package} is missing. On Debian or Ubuntu: sudo apt install {package}; then try again."
        )
    # Nothing that is installed for the tests is to be started as a service.
    environ = os.environ | {"DEBIAN_FRONTEND": "noninteractive", "RUNLEVEL": "1"}
    for command in (
        ["apt-get", "update", "-q"],
        ["apt-get", "install", "-yq", "--no-install-recommends", package],
    ):
        result = subprocess.run(command, env=environ, stdout=subprocess.DEVNULL, check=False)
        if result.returncode != 0:
            raise SetupFailed(f"`{' '.join(command)}` failed: the reason stands above.")

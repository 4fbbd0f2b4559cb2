import tomllib
from pathlib import Path

ROOT = Path(__file__).parent.parent
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())
SETUPTOOLS = PROJECT["tool"]["setuptools"]


def packages_below(folder: Path, name: str) -> set[str]:
    return {".".join([name, *path.parent.relative_to(folder).parts]) for path in folder.rglob("__init__.py")}


def test_the_wheel_holds_every_package_and_the_migrations_inside_the_first() -> None:
    assert set(SETUPTOOLS["packages"]) == packages_below(ROOT / "caseapp", "caseapp") | packages_below(
        ROOT / "migrations", "caseapp.migrations"
    )
    assert SETUPTOOLS["package-dir"] == {"caseapp.migrations": "migrations"}


def test_every_file_of_the_package_that_is_no_module_is_packed() -> None:
    package = ROOT / "caseapp"
    packed = {path for pattern in SETUPTOOLS["package-data"]["caseapp"] for path in package.glob(pattern)}

    others = {
        path
        for path in package.rglob("*")
        if path.is_file() and path.suffix != ".py" and "__pycache__" not in path.parts
    }
    assert others <= packed


def test_every_part_has_an_upper_bound() -> None:
    extras = PROJECT["project"]["optional-dependencies"].values()
    parts = [*PROJECT["project"]["dependencies"], *(part for extra in extras for part in extra)]

    # Time zones have no interface that could break, and must be allowed to be today's.
    assert [part for part in parts if "<" not in part and "==" not in part] == ["tzdata>=2026.1"]

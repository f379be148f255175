"""What is built holds everything and nothing else, and runs from any folder."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tarfile
import venv
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
CHECKS = sorted(path.stem.replace("_", "-") for path in (ROOT / "checks").glob("*.py") if path.stem != "__init__")


def run(*command: str | Path, cwd: Path, **environment: str) -> str:
    done = subprocess.run(
        [str(word) for word in command],
        cwd=cwd,
        env={**os.environ, **environment},
        capture_output=True,
        encoding="utf-8",
        check=False,
        timeout=300,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.fixture(scope="module")
def dist(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An sdist and, from it, a wheel; built with what is installed, so that nothing is downloaded."""
    out = tmp_path_factory.mktemp("dist")
    run(sys.executable, "-m", "build", "--no-isolation", "--outdir", out, ROOT, cwd=out)
    return out


@pytest.fixture(scope="module")
def wheel(dist: Path) -> Path:
    (path,) = dist.glob("*.whl")
    return path


@pytest.fixture(scope="module")
def names(wheel: Path) -> set[str]:
    with zipfile.ZipFile(wheel) as archive:
        return set(archive.namelist())


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The Python of an environment with the wheel in it; its dependencies are those of this one."""
    folder = tmp_path_factory.mktemp("env")
    return environment_with(folder, str(wheel))


def environment_with(folder: Path, *requirement: str) -> Path:
    """Make an environment with one thing installed, which finds the packages of this one behind it."""
    venv.create(folder, with_pip=False)
    python = folder / "bin" / "python"
    (site,) = folder.glob("lib/python*/site-packages")
    (site / "dependencies.pth").write_text(f"{Path(pytest.__file__).parent.parent}\n", encoding="utf-8")
    install = [sys.executable, "-m", "pip", "--python", python, "install", "--quiet", "--no-deps", "--no-index"]
    run(*install, "--no-build-isolation", "--ignore-installed", *requirement, cwd=folder)
    return python


def test_the_wheel_has_one_top_level_name(names: set[str]) -> None:
    assert {name.partition("/")[0] for name in names if ".dist-info/" not in name} == {"seppcheck"}


def test_the_wheel_is_well_formed(wheel: Path) -> None:
    run(Path(sys.executable).with_name("check-wheel-contents"), "--toplevel", "seppcheck", wheel, cwd=wheel.parent)


def test_the_wheel_holds_every_file_of_the_product(names: set[str]) -> None:
    tracked = run("git", "ls-files", "-z", "seppcheck", "checks", "remediations", cwd=ROOT).split("\0")
    expected = {name if name.startswith("seppcheck/") else f"seppcheck/{name}" for name in tracked if name}
    assert expected
    assert expected - names == set()


@pytest.mark.parametrize("suffix", ["/checks/guide.toml", "/py.typed", ".mo", ".css", ".js", ".schema.json"])
def test_the_wheel_holds_what_is_no_code(names: set[str], suffix: str) -> None:
    assert [name for name in names if name.endswith(suffix)]


def test_the_wheel_names_its_licence(names: set[str]) -> None:
    assert [name for name in names if name.endswith(".dist-info/licenses/LICENSE")]


def test_the_sdist_can_be_built_from_and_tested(dist: Path) -> None:
    (path,) = dist.glob("*.tar.gz")
    with tarfile.open(path) as archive:
        names = {name.partition("/")[2] for name in archive.getnames()}
    assert {"pyproject.toml", "Makefile", "LICENSE", "checks/__init__.py", "tests/test_packaging.py"} <= names


def test_the_installed_wheel_lists_every_check_from_any_folder(installed: Path, tmp_path: Path) -> None:
    listed = run(installed, "-m", "seppcheck", "list", cwd=tmp_path, PYTHONPATH="")
    assert CHECKS
    assert [identifier for identifier in CHECKS if identifier not in listed.split()] == []


def test_the_installed_program_is_the_wheel_and_not_the_checkout(installed: Path, tmp_path: Path) -> None:
    where = run(installed, "-c", "import seppcheck; print(seppcheck.__file__)", cwd=tmp_path, PYTHONPATH="")
    assert Path(where.strip()).is_relative_to(installed.parent.parent)


def test_the_program_is_on_the_path_and_knows_its_version(installed: Path, tmp_path: Path) -> None:
    program = installed.with_name("seppcheck")
    assert run(program, "--version", cwd=tmp_path, PYTHONPATH="").split()[-1][0].isdigit()


def test_an_editable_installation_runs_the_checkout(tmp_path: Path) -> None:
    python = environment_with(tmp_path / "env", "--editable", str(ROOT))
    where = run(python, "-c", "import seppcheck; print(seppcheck.__file__)", cwd=tmp_path, PYTHONPATH="")
    assert Path(where.strip()) == ROOT / "seppcheck" / "__init__.py"
    listed = run(python, "-m", "seppcheck", "list", cwd=tmp_path, PYTHONPATH="")
    assert [identifier for identifier in CHECKS if identifier not in listed.split()] == []


def test_the_wheel_alone_declares_what_it_needs(wheel: Path, tmp_path: Path) -> None:
    shutil.unpack_archive(wheel, tmp_path, format="zip")
    (metadata,) = tmp_path.glob("*.dist-info/METADATA")
    text = metadata.read_text(encoding="utf-8")
    assert "Requires-Python: >=3.11" in text
    assert "Requires-Dist: dnspython" in text

"""The container image: what its definition promises, and that what it does works.

No test can pull its base image. What stands behind RUN is carried out here instead, word for word but for its folders
and without downloading anything; the installed program is then started as the definition says.
"""

from __future__ import annotations

import io
import os
import re
import shutil
import subprocess
import sys
import venv
from pathlib import Path

import pytest
from dockerfile_parse import DockerfileParser

from seppcheck import __version__

ROOT = Path(__file__).resolve().parent.parent
CONTAINERFILE = (ROOT / "Containerfile").read_text(encoding="utf-8")
PARSED = DockerfileParser(fileobj=io.BytesIO(CONTAINERFILE.encode()))
STEPS = [(step["instruction"], step["value"]) for step in PARSED.structure if step["instruction"] != "COMMENT"]
LAST = max(place for place, (instruction, _) in enumerate(STEPS) if instruction == "FROM")
FINAL = STEPS[LAST:]
FOLDERS = ("/src", "/wheels", "/opt/seppcheck", "/work")


def values(instruction: str, steps: list[tuple[str, str]] = FINAL) -> list[str]:
    return [value for name, value in steps if name == instruction]


def test_a_linter_has_nothing_to_say() -> None:
    hadolint = Path(sys.executable).with_name("hadolint")
    done = subprocess.run([hadolint, ROOT / "Containerfile"], capture_output=True, encoding="utf-8", check=False)
    assert (done.returncode, done.stdout) == (0, "")


def test_both_stages_begin_with_a_python_of_one_minor_version() -> None:
    bases = {value.partition(" ")[0] for value in values("FROM", STEPS)}
    (base,) = bases
    assert re.fullmatch(r"docker\.io/library/python:3\.\d+-slim", base)


def test_it_runs_as_a_fixed_user_who_is_not_root() -> None:
    (user,) = values("USER")
    assert re.fullmatch(r"([1-9]\d{3,}):([1-9]\d{3,})", user)
    assert FINAL.index(("USER", user)) < FINAL.index(("ENTRYPOINT", '["seppcheck"]'))


def test_the_final_stage_installs_nothing_and_takes_only_what_was_built() -> None:
    assert values("RUN") == values("ADD") == []
    assert values("COPY") == ["--from=build /opt/seppcheck /opt/seppcheck"]


def test_it_starts_where_the_configuration_is_mounted() -> None:
    assert values("WORKDIR") == ["/work"]
    assert values("ENTRYPOINT") == ['["seppcheck"]']
    assert values("HEALTHCHECK") == values("VOLUME") == values("EXPOSE") == []


def test_no_secret_can_stay_in_a_layer() -> None:
    assert not values("ARG", STEPS), "the value of an ARG can be read in the image's history"
    given = " ".join(values("ENV", STEPS) + values("LABEL", STEPS))
    assert not re.search(r"secret|token|passw|key|credential", given, re.IGNORECASE)


def test_what_is_copied_is_what_the_wheel_is_made_of_and_all_of_it_is_there() -> None:
    copied = [word.removeprefix("./") for value in values("COPY", STEPS[:LAST]) for word in value.split()[:-1]]
    assert all((ROOT / name).exists() for name in copied)
    assert {*copied} == {"pyproject.toml", "README.md", "LICENSE", "seppcheck", "checks", "remediations"}


def test_nothing_else_goes_into_the_build() -> None:
    ignored = (ROOT / ".containerignore").read_text(encoding="utf-8")
    lines = [line for line in ignored.splitlines() if line and not line.startswith("#")]
    copied = [word.removeprefix("./") for value in values("COPY", STEPS[:LAST]) for word in value.split()[:-1]]
    assert lines[0] == "*"
    assert {line[1:] for line in lines if line.startswith("!")} == {*copied}
    assert (ROOT / ".dockerignore").read_text(encoding="utf-8") == ignored, "docker knows no .containerignore"


@pytest.fixture(scope="module")
def image(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The root of a file system in which the build stage was carried out."""
    root = tmp_path_factory.mktemp("image")
    (root / "opt").mkdir()
    venv.create(root / "base", with_pip=False, symlinks=True)
    (site,) = (root / "base").glob("lib/python*/site-packages")
    (site / "pip.pth").write_text(f"{Path(pytest.__file__).parent.parent}\n", encoding="utf-8")
    for value in values("COPY", STEPS[:LAST]):
        *sources, target = value.split()
        for source in sources:
            copy(ROOT / source, root / "src" / target / ("" if target.endswith(source) else source))
    for command in values("RUN", STEPS[:LAST]):
        carry_out(root, command)
    return root


def copy(source: Path, target: Path) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    if source.is_dir():
        shutil.copytree(source, target, ignore=shutil.ignore_patterns("__pycache__"))
    else:
        shutil.copy(source, target)


def carry_out(root: Path, command: str) -> None:
    for folder in FOLDERS:
        command = re.sub(rf"(?<![\w/.]){folder}\b", f"{root}{folder}", command)
    environment = {
        "PATH": f"{root / 'base' / 'bin'}:/usr/bin:/bin",
        "PIP_NO_INDEX": "1",
        "PIP_NO_DEPS": "1",
        "PIP_NO_BUILD_ISOLATION": "0",  # which pip reads as: no isolation
        "PIP_DISABLE_PIP_VERSION_CHECK": "1",
    }
    done = subprocess.run(
        ["/bin/sh", "-c", command],
        cwd=root / "src",
        env=environment,
        capture_output=True,
        encoding="utf-8",
        check=False,
        timeout=300,
    )
    assert done.returncode == 0, f"{command}\n{done.stdout}{done.stderr}"


def test_what_is_built_starts_in_an_empty_folder_and_leaves_nothing_there(image: Path, tmp_path: Path) -> None:
    dependencies = os.pathsep.join(path for path in sys.path if path.endswith("site-packages"))
    done = subprocess.run(
        [image / "opt" / "seppcheck" / "bin" / "seppcheck", "--version"],
        cwd=tmp_path,
        env={"PATH": "/usr/bin:/bin", "HOME": str(tmp_path), "LANG": "C.UTF-8", "PYTHONPATH": dependencies},
        capture_output=True,
        encoding="utf-8",
        check=False,
        timeout=60,
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.strip().endswith(__version__)
    assert not list(tmp_path.iterdir())


def test_what_is_built_cannot_install_anything(image: Path) -> None:
    programs = {path.name for path in (image / "opt" / "seppcheck" / "bin").iterdir()}
    assert "seppcheck" in programs
    assert not [name for name in programs if name.startswith("pip")]

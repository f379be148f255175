"""The shape of the house: which way imports point, how long things may be, what must not appear."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
import tomllib
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parent.parent
PRODUCT = ("seppcheck", "checks", "remediations")
SCRIPTS = ("tools", "benchmarks")

NETWORK = {
    *("dns", "OpenSSL", "cryptography", "socket", "ssl", "smtplib", "http", "urllib"),
    *("requests", "msal", "certifi", "truststore"),
}
POSIX_ONLY = {"fcntl", "grp", "posix", "pty", "pwd", "resource", "syslog", "termios", "tty"}
NAMES_THAT_SAY_NOTHING = {"utils", "util", "helpers", "helper", "common", "misc", "manager", "tools"}

EVERYBODY_MAY = {"clock", "errors", "files", "model", "names", "seppcheck"}
"""What needs nothing but the model; `seppcheck` is the package's face, which holds the version."""

MAY_IMPORT = {
    "checks": {"api"},
    "remediations": {"api"},
    "model": set(),
    "seppcheck": set(),
    "errors": {"model"},
    "clock": set(),
    "files": {"errors"},
    "names": {"errors", "model"},
    "locale": set(),
    "hookspecs": set(),
    "judgement": {"model"},
    "planning": {"judgement", "model"},
    "api": {"model", "judgement", "planning"},
    "secrets": {"errors", "model"},
    "toml_files": {"errors", "model"},
    "exchange": {"model"},
    "guide": {"model"},
    "discovery": {"errors", "model", "names"},
    "plugins": {"errors", "hookspecs", "model"},
    "settings": {*EVERYBODY_MAY, "exchange", "secrets", "toml_files"},
    "clients": {*EVERYBODY_MAY, "secrets", "settings"},
    "history": EVERYBODY_MAY,
    "record": {*EVERYBODY_MAY, "clients", "judgement", "settings", "toml_files"},
    "sources": {*EVERYBODY_MAY, "api", "clients", "exchange", "history", "record", "secrets", "settings"},
    "engine": {"errors", "model"},
    "bundle": {*EVERYBODY_MAY, "engine"},
    "drift": {*EVERYBODY_MAY, "engine", "history", "planning"},
    "moments": {"judgement", "model"},
    "notes": {"model", "settings"},
    "notices": {"model"},
    "run": {*EVERYBODY_MAY, "bundle", "drift", "engine", "history", "moments", "notes", "plugins", "settings"},
    "watch": {*EVERYBODY_MAY, "engine", "history", "run", "settings"},
    "remediate": {
        *EVERYBODY_MAY,
        *(
            "clients",
            "engine",
            "exchange",
            "history",
            "judgement",
            "locale",
            "plan_document",
            "planning",
            "plugins",
            "run",
            "secrets",
            "settings",
        ),
    },
    "checklist": {
        *EVERYBODY_MAY,
        *("engine", "judgement", "moments", "plan_document", "planning", "record", "remediate", "run", "settings"),
    },
    "plan_document": {"clock", "errors", "files", "model"},
    "reports": {*EVERYBODY_MAY, "guide", "locale", "plan_document", "planning", "plugins"},
    "choices": {*EVERYBODY_MAY, "bundle", "drift", "engine", "guide", "plugins", "record", "run", "settings"},
    "pytest_plugin": {*EVERYBODY_MAY, "choices", "guide", "locale", "plugins", "reports", "run"},
    "scenarios": {"errors", "judgement", "model"},
    "lab": {*EVERYBODY_MAY, "scenarios"},
}
"""Each room of the house, a package or a module, and the rooms it may look into. Only `cli` may look into all.

The engine, the reports and the checks see no network; the lab, a peer, sees neither the clients nor what is judged.
"""

DISTRIBUTIONS = {
    "dkim": "dkimpy",
    "dns": "dnspython",
    "OpenSSL": "pyOpenSSL",
    "pydantic_core": "pydantic",
    "pytest_html": "pytest-html",
}
"""Names of distributions that differ from the module's."""


@cache
def tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


def files(*folders: str) -> list[Path]:
    return [path for folder in folders for path in sorted((ROOT / folder).rglob("*.py"))]


def module_of(path: Path) -> str:
    parts = list(path.relative_to(ROOT).with_suffix("").parts)
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def show(path: Path, node: ast.AST | None = None) -> str:
    return f"{path.relative_to(ROOT)}:{getattr(node, 'lineno', 1)}"


MODULES = {module_of(path): path for path in files(*PRODUCT)}


def imported(path: Path) -> Iterator[tuple[str, ast.stmt]]:
    """Every module that a file imports; of `from package import name` the submodule, where `name` is one."""
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Import):
            for alias in node.names:
                yield alias.name, node
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{show(path, node)}: imports are absolute"
            base = node.module or ""
            for alias in node.names:
                submodule = f"{base}.{alias.name}"
                yield submodule if submodule in MODULES else base, node


def within(name: str, package: str) -> bool:
    return name == package or name.startswith(f"{package}.")


def functions(path: Path) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    for node in ast.walk(tree(path)):
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
            yield node


def calls(path: Path) -> Iterator[tuple[str, ast.Call]]:
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Call):
            name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
            yield name, node


def room_of(module: str) -> str:
    top, _, below = module.partition(".")
    return below.partition(".")[0] or top if top == "seppcheck" else top


def test_imports_point_one_way() -> None:
    wrong = [
        f"{show(path, node)}: {name}"
        for module, path in MODULES.items()
        if (room := room_of(module)) not in ("cli", "__main__")
        for name, node in imported(path)
        if name.partition(".")[0] in PRODUCT and room_of(name) not in (room, *MAY_IMPORT.get(room, ()))
    ]
    assert not wrong


def test_every_room_of_the_house_says_what_it_may_import() -> None:
    assert {room_of(module) for module in MODULES} == {*MAY_IMPORT, "cli", "__main__"}


def test_the_model_needs_nothing_but_the_standard_library() -> None:
    wrong = [
        f"{show(path, node)}: {name}"
        for path in files("seppcheck/model")
        for name, node in imported(path)
        if not within(name, "seppcheck.model") and name.partition(".")[0] not in sys.stdlib_module_names
    ]
    assert not wrong


def test_what_checks_judge_alike_is_pure_and_rests_on_the_model() -> None:
    wrong = [
        f"{show(path, node)}: {name}"
        for path in files("seppcheck/judgement")
        for name, node in imported(path)
        if not within(name, "seppcheck.judgement")
        and not within(name, "seppcheck.model")
        and (name.partition(".")[0] not in sys.stdlib_module_names or name.partition(".")[0] in NETWORK)
    ]
    assert not wrong


def test_the_api_imports_the_model_and_what_checks_judge_and_remediations_plan_alike() -> None:
    names = {name for name, _ in imported(ROOT / "seppcheck" / "api.py")} - {"__future__"}
    rooms = ("seppcheck.model", "seppcheck.judgement", "seppcheck.planning")
    assert all(any(within(name, room) for room in rooms) for name in names), names


def test_checks_and_remediations_import_the_api_and_the_standard_library() -> None:
    wrong = [
        f"{show(path, node)}: {name}"
        for path in files("checks", "remediations")
        for name, node in imported(path)
        if name != "seppcheck.api"
        and (name.partition(".")[0] not in sys.stdlib_module_names or name.partition(".")[0] in NETWORK)
    ]
    assert not wrong


def test_nobody_imports_the_command_line() -> None:
    wrong = [
        show(path, node)
        for module, path in MODULES.items()
        if not within(module, "seppcheck.cli") and module != "seppcheck.__main__"
        for name, node in imported(path)
        if within(name, "seppcheck.cli")
    ]
    assert not wrong


def test_only_clients_sources_and_the_lab_touch_network_libraries() -> None:
    allowed = ("seppcheck.clients", "seppcheck.sources", "seppcheck.lab")
    wrong = [
        f"{show(path, node)}: {name}"
        for module, path in MODULES.items()
        if not any(within(module, package) for package in allowed)
        for name, node in imported(path)
        if name.partition(".")[0] in NETWORK and name != "urllib.parse"
    ]
    assert not wrong


def test_no_module_imports_itself_through_others() -> None:
    graph = {
        module: {name for name, _ in imported(path) if name in MODULES and name != module}
        for module, path in MODULES.items()
    }
    while leaves := [module for module, needed in graph.items() if not needed]:
        for leaf in leaves:
            del graph[leaf]
        for needed in graph.values():
            needed.difference_update(leaves)
    assert not graph, "these modules import each other in a circle, or depend on such a circle"


def test_nothing_is_imported_for_type_checkers_alone() -> None:
    assert not [show(path) for path in files(*PRODUCT) if "TYPE_CHECKING" in path.read_text(encoding="utf-8")]


def test_an_import_within_a_function_says_on_its_line_why() -> None:
    wrong = []
    for path in files(*PRODUCT):
        lines = path.read_text(encoding="utf-8").splitlines()
        wrong += [
            show(path, node)
            for function in functions(path)
            for node in ast.walk(function)
            if isinstance(node, (ast.Import, ast.ImportFrom)) and "  # " not in lines[node.lineno - 1]
        ]
    assert not wrong


def test_the_product_imports_what_it_declares_and_declares_what_it_imports() -> None:
    top = {name.partition(".")[0] for path in MODULES.values() for name, _ in imported(path)}
    foreign = top - set(sys.stdlib_module_names) - {"seppcheck", "checks", "remediations"}
    assert {DISTRIBUTIONS.get(name, name) for name in foreign} == needed() | optional()


def needed() -> set[str]:
    """Distributions that come with the product."""
    return names_of(project()["dependencies"])


def optional() -> set[str]:
    """Distributions that come with one of its extras."""
    return {name for extra in project()["optional-dependencies"].values() for name in names_of(extra)}


def project() -> dict[str, Any]:
    found: dict[str, Any] = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    return found


def names_of(requirements: Iterable[str]) -> set[str]:
    return {re.split(r"[<>=~! ;\[]", line)[0] for line in requirements}


def test_what_is_optional_is_imported_within_functions_alone() -> None:
    wrong = [
        f"{show(path, node)}: {name}"
        for path in MODULES.values()
        for name, node in imported(path)
        if DISTRIBUTIONS.get(top := name.partition(".")[0], top) in optional() and node.col_offset == 0
    ]
    assert optional()
    assert not wrong


def test_the_product_runs_where_posix_is_not() -> None:
    wrong = [
        f"{show(path, node)}: {name}"
        for path in MODULES.values()
        for name, node in imported(path)
        if name.partition(".")[0] in POSIX_ONLY
    ]
    assert not wrong


@pytest.mark.parametrize("path", files(*PRODUCT, *SCRIPTS), ids=lambda path: str(path.relative_to(ROOT)))
def test_a_file_and_its_functions_fit_a_glance(path: Path) -> None:
    assert len(path.read_text(encoding="utf-8").splitlines()) <= 300
    long = [f"{show(path, f)} {f.name}: {lines}" for f in functions(path) if (lines := code_lines(f)) > 40]
    assert not long


def code_lines(function: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    """Lines of a function without its docstring."""
    total = (function.end_lineno or function.lineno) - function.lineno + 1
    first = function.body[0]
    documented = isinstance(first, ast.Expr) and ast.get_docstring(function, clean=False) is not None
    return total - ((first.end_lineno or first.lineno) - first.lineno + 1 if documented else 0)


def test_names_of_files_say_what_is_in_them() -> None:
    assert not [show(path) for path in files(*PRODUCT, "tests") if path.stem in NAMES_THAT_SAY_NOTHING]


def test_a_check_is_named_for_its_file() -> None:
    named = {
        path.stem: [
            call.args[0].value
            for name, call in calls(path)
            if name == "check" and call.args and isinstance(call.args[0], ast.Constant)
        ]
        for path in files("checks")
        if path.stem != "__init__"
    }
    assert named == {stem: [stem.replace("_", "-")] for stem in named}
    assert named


@pytest.mark.parametrize("folder", ["checks", "remediations"])
def test_every_plugin_has_its_test_and_every_test_its_plugin(folder: str) -> None:
    plugins = {path.stem for path in files(folder)} - {"__init__"}
    tests = {path.stem.removeprefix("test_") for path in files(f"tests/{folder}") if path.stem.startswith("test_")}
    assert plugins == tests


def test_a_remediation_answers_a_check() -> None:
    assert {path.stem for path in files("remediations")} <= {path.stem for path in files("checks")}


def test_no_test_is_skipped_or_expected_to_fail_but_for_files_beside_the_project() -> None:
    words = {"skip", "skipif", "xfail", "importorskip"}
    wrong = [
        show(path, node)
        for path in files("tests")
        if path != ROOT / "tests" / "shared_data.py"
        for node in ast.walk(tree(path))
        if isinstance(node, ast.Attribute)
        and node.attr in words
        and ast.unparse(node.value) in ("pytest", "pytest.mark")
    ]
    assert not wrong


def test_text_files_are_opened_with_their_encoding_named() -> None:
    wrong = [
        show(path, call)
        for path in files(*PRODUCT, *SCRIPTS)
        for call in openings(path)
        if not is_binary(call) and "encoding" not in {keyword.arg for keyword in call.keywords}
    ]
    assert not wrong


def openings(path: Path) -> Iterator[ast.Call]:
    """Calls of `open` and of a path's methods; `seppcheck.files` names the encoding itself, `os.open` knows none."""
    for name, call in calls(path):
        if isinstance(call.func, ast.Attribute):
            if name in {"open", "fdopen", "read_text", "write_text"} and ast.unparse(call.func.value) not in (
                "files",
                "os",
            ):
                yield call
        elif name == "open":
            yield call


def is_binary(call: ast.Call) -> bool:
    given = [*call.args, *(keyword.value for keyword in call.keywords if keyword.arg == "mode")]
    return any(
        isinstance(a, ast.Constant) and isinstance(a.value, str) and re.fullmatch("[rwxa+]*b[rwxa+]*", a.value)
        for a in given
    )


def test_every_exception_from_a_rule_gives_its_reason_on_its_line() -> None:
    silent = re.compile(r"#\s*(noqa(:[\s\w,]+?)?|type:\s*ignore(\[[\w\-, ]+\])?|pragma:[\s\w]+)\s*$")
    wrong = [
        f"{path.relative_to(ROOT)}:{number}"
        for path in files(*PRODUCT, *SCRIPTS)
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1)
        if silent.search(line)
    ]
    assert not wrong


@pytest.mark.parametrize("arguments", [["--help"], ["--version"], ["list"], ["config", "schema"]], ids=" ".join)
def test_commands_that_ask_nobody_import_neither_a_dns_library_nor_pytest(arguments: list[str]) -> None:
    done = subprocess.run(
        [sys.executable, "-X", "importtime", "-m", "seppcheck", *arguments],
        capture_output=True,
        encoding="utf-8",
        check=False,
        timeout=60,
    )
    modules = {line.rpartition("|")[2].strip().partition(".")[0] for line in done.stderr.splitlines() if "|" in line}
    assert done.returncode == 0
    assert "seppcheck" in modules
    assert not modules & {"dns", "pytest", "_pytest", "OpenSSL", "requests", "msal"}

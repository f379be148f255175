"""Finding and loading plugins: our own folders, third-party distributions, folders of the user's."""

from __future__ import annotations

import importlib.util
import inspect
import sys
import traceback
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from types import ModuleType

import pluggy

from seppcheck import hookspecs
from seppcheck.errors import UserError
from seppcheck.model.checks import MARK, Check
from seppcheck.model.drift import RESERVED
from seppcheck.model.evidence import Evidence
from seppcheck.model.remediations import Remediation
from seppcheck.model.sources import Source

_PACKAGE = Path(__file__).parent
GROUP = "seppcheck"
"""The entry point group of third-party distributions."""


@dataclass(slots=True)
class Registry:
    """What was found: checks and evidence kinds by name, remediations by check, sources by the kind they provide."""

    checks: dict[str, Check] = field(default_factory=dict)
    remediations: dict[str, Remediation] = field(default_factory=dict)
    kinds: dict[str, type[Evidence]] = field(default_factory=dict)
    sources: dict[type[Evidence], Source] = field(default_factory=dict)
    origins: dict[str, str] = field(default_factory=dict)

    def add(self, thing: object, origin: str) -> None:
        """Add a marked function or an evidence class; anything else is passed over.

        Raises:
            UserError: when two different things claim one name.
        """
        marked = getattr(thing, MARK, None)
        if isinstance(marked, Check):
            if marked.id == RESERVED:
                raise UserError(
                    "{origin}: {function}: the id {id} is what `seppcheck drift` calls its own results: give the check "
                    "another one",
                    origin=origin,
                    function=marked.function.__qualname__,
                    id=marked.id,
                )
            self._claim(f"check {marked.id}", f"{origin}: {marked.function.__qualname__}")
            self.checks[marked.id] = marked
        elif isinstance(marked, Remediation):
            self._claim(f"the remediation of {marked.check}", f"{origin}: {marked.function.__qualname__}")
            self.remediations[marked.check] = marked
        elif isinstance(marked, Source):
            for kind in marked.provides:
                self._claim(f"the source of {kind.kind}", f"{origin}: {marked.function.__qualname__}")
                self._kind(kind)
                self.sources[kind] = marked
        elif inspect.isclass(thing) and issubclass(thing, Evidence) and thing.kind:
            self._kind(thing)

    def _claim(self, name: str, origin: str) -> None:
        other = self.origins.setdefault(name, origin)
        if other != origin:
            raise UserError("{name} is defined twice: in {one} and in {two}", name=name, one=other, two=origin)

    def _kind(self, kind: type[Evidence]) -> None:
        known = self.kinds.setdefault(kind.kind, kind)
        if known is not kind:
            raise UserError(
                "the evidence kind {kind} is defined twice: by {one} and by {two}",
                kind=kind.kind,
                one=f"{known.__module__}.{known.__qualname__}",
                two=f"{kind.__module__}.{kind.__qualname__}",
            )


def bundled(kind: str) -> Path:
    """Return the folder of bundled plugins, in a wheel or in a checkout."""
    shipped = _PACKAGE / kind
    return shipped if shipped.is_dir() else _PACKAGE.parent / kind


def load(folders: Iterable[Path] = (), *, sources: bool = True) -> Registry:
    """Load our own plugins, those of installed distributions, and those in `folders`.

    Args:
        folders: folders of the user's (`--plugins DIR`).
        sources: whether our own sources are wanted; they import the network libraries.

    Raises:
        UserError: for a folder that is not there, a file that cannot be loaded, a doubled name.
    """
    registry = Registry()
    plugins = (bundled("checks"), bundled("remediations"))
    own = (_PACKAGE / "sources", *plugins) if sources else plugins
    for folder in own:
        _add_folder(registry, folder, f"seppcheck.{folder.name}")
    _add_distributions(registry)
    for folder in folders:
        if not folder.is_dir():
            raise UserError("--plugins: there is no folder {folder}", folder=folder)
        known = len(registry.origins)
        _add_folder(registry, folder, f"seppcheck_plugins.{folder.name}")
        if len(registry.origins) == known:
            raise UserError(
                "--plugins: the files *.py of {folder} hold no check, no source and no remediation; are they marked "
                "with @check, @source and @remediation?",
                folder=folder,
            )
    return registry


def _add_folder(registry: Registry, folder: Path, package: str) -> None:
    for path in sorted(folder.glob("*.py")):
        if path.stem != "__init__":
            _add_module(registry, _import_file(path, f"{package}.{path.stem}"), str(path))


def _import_file(path: Path, name: str) -> ModuleType:
    """Import a file under a name of its own, once: a second load finds the first."""
    known = sys.modules.get(name)
    if known is not None and known.__file__ == str(path):
        return known
    spec = importlib.util.spec_from_file_location(name, path)
    if spec is None or spec.loader is None:
        raise UserError("{path} cannot be loaded as a plugin", path=path)
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    try:
        spec.loader.exec_module(module)
    except (Exception, SystemExit) as error:  # a plugin is foreign code: whatever it raises, the message names its file
        del sys.modules[name]
        raise _broken(path, error) from error
    return module


def _broken(path: Path, error: BaseException) -> UserError:
    lines = [f.lineno for f in traceback.extract_tb(error.__traceback__) if f.filename == str(path)]
    line = error.lineno if isinstance(error, SyntaxError) else (lines[-1] if lines else 1)
    return UserError(
        "the plugin {path} cannot be loaded, line {line}: {kind}: {error}",
        path=path,
        line=line,
        kind=type(error).__name__,
        error=error,
    )


def _place_of(error: BaseException) -> str:
    """Return the file and line that an error comes from; for an unreadable file, that of the fault in it."""
    if isinstance(error, SyntaxError) and error.filename:
        return f"{error.filename}:{error.lineno}"
    last = traceback.extract_tb(error.__traceback__)[-1]
    return f"{last.filename}:{last.lineno}"


def _add_module(registry: Registry, module: ModuleType, origin: str) -> None:
    for thing in _contents(module):
        registry.add(thing, origin)


def _contents(module: ModuleType) -> Iterator[object]:
    """Yield what a module itself defines; what it only imported belongs to another."""
    for thing in vars(module).values():
        if getattr(thing, "__module__", None) == module.__name__:
            yield thing


def _add_distributions(registry: Registry) -> None:
    manager = pluggy.PluginManager(GROUP)
    manager.add_hookspecs(hookspecs)
    try:
        manager.load_setuptools_entrypoints(GROUP)
        offered = [thing for things in manager.hook.seppcheck_plugins() for thing in things]
    except (Exception, SystemExit) as error:  # foreign code again: say where, never a traceback
        raise UserError(
            "an installed plugin (entry point group {group}) cannot be loaded, {place}: {kind}: {error}",
            group=GROUP,
            place=_place_of(error),
            kind=type(error).__name__,
            error=error,
        ) from error
    for plugin in manager.get_plugins():
        origin = f"distribution {manager.get_name(plugin)}"
        if isinstance(plugin, ModuleType):
            _add_module(registry, plugin, origin)
        else:
            registry.add(plugin, origin)
    for thing in offered:
        if isinstance(thing, ModuleType):
            _add_module(registry, thing, f"module {thing.__name__}")
        else:
            registry.add(thing, f"module {getattr(thing, '__module__', '?')}")

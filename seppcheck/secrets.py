"""Secrets: settings hold where one is (`env:NAME`, `file:PATH`), never the secret itself."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path
from typing import NoReturn

from seppcheck.errors import InvalidValueError, UserError
from seppcheck.model.text import text

_LONGEST = 65_536
_HIDDEN = "Secret(...)"


class Secret:
    """A secret that shows itself to nobody but who calls `reveal()`.

    It has no text form, cannot be pickled, copied into JSON or formatted, and compares with nothing.
    """

    __slots__ = ("__value",)

    def __init__(self, value: str) -> None:
        self.__value = value

    def reveal(self) -> str:
        """Return the secret, for the request that needs it and for nothing else."""
        return self.__value

    def __repr__(self) -> str:
        return _HIDDEN

    def __format__(self, specification: str) -> str:
        return _HIDDEN

    def __reduce__(self) -> NoReturn:
        raise TypeError("a secret cannot be pickled")

    def __reduce_ex__(self, protocol: object) -> NoReturn:
        raise TypeError("a secret cannot be pickled")


class MissingSecretError(UserError):
    """A secret that is configured and not there. Where a source needs it: `not-configured`."""


def reference(value: str) -> str:
    """Accept `env:NAME` and `file:PATH`.

    Raises:
        InvalidValueError: for anything else; the message does not repeat it, for it may be the secret itself.
    """
    kind, _, where = value.partition(":")
    if kind not in ("env", "file") or not where.strip() or "\n" in where:
        raise InvalidValueError(text("a secret must not stand here; write env:NAME or file:PATH that holds it"))
    if kind == "env" and (where != where.strip() or "=" in where or "\0" in where):
        raise InvalidValueError(text("env: must be followed by the name of an environment variable"))
    return value


def file_of(value: str, folder: Path) -> Path | None:
    """Return the file that a reference names, if it names one; relative paths start from `folder`."""
    kind, _, where = value.partition(":")
    return folder / where if kind == "file" else None


def read(value: str, folder: Path, environ: Mapping[str, str] = os.environ) -> Secret:
    """Fetch the secret that a reference names; white space around it is not part of it.

    Args:
        value: `env:NAME` or `file:PATH`.
        folder: where relative paths start.
        environ: the environment.

    Raises:
        MissingSecretError: naming the variable or the file.
    """
    path = file_of(value, folder)
    if path is not None:
        return _from_file(path)
    name = value.partition(":")[2]
    found = environ.get(name, "").strip()
    if not found:
        raise MissingSecretError("the environment variable {name} is not set; set it to the secret", name=name)
    return Secret(found)


def _from_file(path: Path) -> Secret:
    try:
        with path.open("rb") as file:
            content = file.read(_LONGEST + 1)
        found = content.decode("utf-8-sig").strip()
    except OSError as error:
        problem = error.strerror or type(error).__name__
        raise MissingSecretError(
            "the secret's file {path} cannot be read: {problem}", path=path, problem=problem
        ) from None
    except UnicodeDecodeError:  # its text would show the secret's bytes
        raise MissingSecretError("the secret's file {path} is not UTF-8 text", path=path) from None
    if not found or len(content) > _LONGEST:
        raise MissingSecretError("the secret's file {path} is empty or larger than 64 KiB", path=path)
    return Secret(found)

"""Languages: English is the source language of every message, catalogues translate it."""

from __future__ import annotations

import gettext
import locale
import struct
from collections.abc import Callable, Mapping
from functools import cache
from pathlib import Path

SOURCE = "en"
"""The language that messages are written in; it needs no catalogue."""

_FOLDER = Path(__file__).parent
_DOMAIN = "seppcheck"


def languages() -> tuple[str, ...]:
    """Return the codes of the languages that messages can be shown in, the source language first."""
    found = sorted(path.parent.parent.name for path in _FOLDER.glob(f"*/LC_MESSAGES/{_DOMAIN}.mo"))
    return (SOURCE, *found)


@cache
def translator(language: str) -> Callable[[str], str]:
    """Return the function that looks a template up in the catalogue of a language.

    A template that the catalogue lacks, and every template of a language without a readable
    catalogue, stays English: a message in the wrong language beats no message.
    """
    if language == SOURCE:
        return str
    try:
        catalogue = gettext.translation(_DOMAIN, _FOLDER, languages=[language])
    except (OSError, ValueError, LookupError, struct.error):  # absent, damaged, or in an unknown encoding
        return str
    return lambda template: catalogue.gettext(template) if template else template  # "" is the catalogue's header


def default_language(environ: Mapping[str, str]) -> str:
    """Return the language of the user's locale, if there is a catalogue for it, else English.

    Args:
        environ: the environment. POSIX order holds: LC_ALL, then LC_MESSAGES, then LANG; where none is
            set (Windows, programs started from the macOS desktop) the operating system is asked.
    """
    given = next((environ[name] for name in ("LC_ALL", "LC_MESSAGES", "LANG") if environ.get(name)), None)
    name = given if given is not None else _system_locale()
    return _language_of(name)


def _system_locale() -> str:
    try:
        return locale.getlocale()[0] or ""
    except ValueError:  # a locale name that Python does not know
        return ""


def _language_of(name: str) -> str:
    """Read `de`, `de_AT.UTF-8`, `de-CH@euro`, and the `German_Germany` of Windows."""
    code = name.lower().partition(".")[0].replace("-", "_").partition("_")[0].partition("@")[0]
    code = "de" if code == "german" else code
    return code if code in languages() else SOURCE

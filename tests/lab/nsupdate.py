"""The real `nsupdate`, as an administrator would use it, by what stands in a lab's folder."""

from __future__ import annotations

import subprocess
import tomllib

from seppcheck.lab import Lab


def nsupdate(lab: Lab, *lines: str, transport: str = "", secret: str | None = None) -> subprocess.CompletedProcess[str]:
    """Send an update; `-v` as `transport` is TCP. Another `secret` is a wrong one."""
    (section,) = tomllib.loads(lab.settings.read_text(encoding="utf-8"))["dns"]["update"]
    file = lab.folder / section["secret"].removeprefix("file:")
    key = f"{section['algorithm']}:{section['key_name']}:{secret or file.read_text(encoding='utf-8').strip()}"
    return subprocess.run(
        ["nsupdate", "-t", "2", "-r", "0", "-y", key, *([transport] if transport else [])],
        input="\n".join([f"server {section['server']} {section['port']}", *lines, "send", ""]),
        capture_output=True,
        encoding="utf-8",
        check=False,
        timeout=30,
    )

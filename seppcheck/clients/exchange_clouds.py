"""Microsoft's clouds: who gives tokens, and who takes commands."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Cloud:
    """The hosts of one cloud."""

    authority: str
    exchange: str

    @property
    def scope(self) -> str:
        """What a token is asked for."""
        return f"https://{self.exchange}/.default"


CLOUDS: Mapping[str, Cloud] = {
    "commercial": Cloud("login.microsoftonline.com", "outlook.office365.com"),
    "gcc-high": Cloud("login.microsoftonline.us", "outlook.office365.us"),
    "dod": Cloud("login.microsoftonline.us", "outlook-dod.office365.us"),
    "china": Cloud("login.chinacloudapi.cn", "outlook.office365.cn"),
}
"""By their names in seppcheck.toml; GCC is in the commercial cloud."""

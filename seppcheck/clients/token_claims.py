"""What an access token says of its app. It is read, not verified: Exchange does that."""

from __future__ import annotations

import base64
import json
from dataclasses import dataclass

APP_ROLE = "Exchange.ManageAsApp"
"""The application permission that InvokeCommand needs; ones with similar names do not serve."""
_DIRECTORY_ROLES = frozenset(
    {
        "29232cdf-9323-42fd-ade2-1d097af3e4de",  # Exchange Administrator
        "62e90394-69f5-4237-9190-012177145e10",  # Global Administrator
        "f2ef992c-3afb-46b9-b7cf-a126ee74c451",  # Global Reader
        "5d6b6bb7-de71-4623-b4af-96380a352509",  # Security Reader
        "194ae4cb-b126-40b2-bd5b-6091b380977d",  # Security Administrator
        "17315797-102d-40b4-93e0-432062caca18",  # Compliance Administrator
        "31392ffb-586c-42d1-9346-e59415a2cc4e",  # Exchange Recipient Administrator
        "729827e3-9c14-49f7-bb1b-9608f156bbb8",  # Helpdesk Administrator
    }
)
"""Template ids of the directory roles that Exchange accepts from an app."""


@dataclass(frozen=True, slots=True)
class Claims:
    """The tenant's id, and what was granted. A token that cannot be read has no claims: None stands for all."""

    tenant_id: str = ""
    roles: frozenset[str] | None = None
    directory_roles: frozenset[str] | None = None

    @property
    def lacks_app_role(self) -> bool:
        """Whether it is certain that the application permission is missing."""
        return self.roles is not None and APP_ROLE not in self.roles

    @property
    def lacks_directory_role(self) -> bool:
        """Whether the token names no directory role that serves; a role group of Exchange's own would not show."""
        return self.directory_roles is not None and not self.directory_roles & _DIRECTORY_ROLES


def claims_of(token: str) -> Claims:
    """Read a JWT's claims (RFC 7519 section 3)."""
    try:
        part = token.split(".")[1]
        content = json.loads(base64.urlsafe_b64decode(part + "=" * (-len(part) % 4)))
        return Claims(str(content.get("tid", "")), _names(content.get("roles")), _names(content.get("wids")))
    except (ValueError, IndexError, AttributeError, RecursionError):
        return Claims()


def _names(value: object) -> frozenset[str]:
    return frozenset(str(each) for each in value) if isinstance(value, list) else frozenset()

"""A plain HTTPS client that trusts the lab's authority: what the lab answers, without any of the product's code."""

from __future__ import annotations

import http.client
import json
import ssl
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from seppcheck.lab import Lab
from seppcheck.lab.exchange.tokens import SCOPES
from seppcheck.lab.services import CLIENT_ID


@dataclass(frozen=True)
class Answer:
    status: int
    headers: Mapping[str, str]
    body: bytes

    @property
    def json(self) -> Any:
        return json.loads(self.body)


class Client:
    def __init__(self, port: int | None, root: str) -> None:
        assert port is not None
        self._context = ssl.create_default_context(cadata=root)
        self._port = port

    def ask(self, method: str, path: str, body: bytes = b"", **headers: str) -> Answer:
        connection = http.client.HTTPSConnection("127.0.0.1", self._port, context=self._context, timeout=30)
        try:
            named = {name.replace("_", "-"): value for name, value in headers.items()}
            connection.request(method, path, body or None, named)
            response = connection.getresponse()
            return Answer(response.status, dict(response.getheaders()), response.read(1_000_000))
        finally:
            connection.close()


class Exchange:
    """An Exchange Online, asked as its own module asks."""

    def __init__(self, lab: Lab) -> None:
        assert lab.exchange is not None
        self.service = lab.exchange
        self.tenant = lab.exchange.tenant
        self.client = Client(lab.ports.exchange, lab.authority.root_pem)

    def token(self, **form: str) -> Answer:
        fields = {
            "grant_type": "client_credentials",
            "client_id": CLIENT_ID,
            "scope": SCOPES[0],
            "client_secret": self.service.app.secret,
            **form,
        }
        path = f"/{self.tenant.name}/oauth2/v2.0/token"
        return self.client.ask("POST", path, urlencode({k: v for k, v in fields.items() if v}).encode())

    def post(self, content: object, path: str | None = None, token: str | None = None) -> Answer:
        bearer = self.token().json["access_token"] if token is None else token
        return self.client.ask(
            "POST",
            path or f"/adminapi/beta/{self.tenant.guid}/InvokeCommand",
            json.dumps(content).encode(),
            Authorization=f"Bearer {bearer}",
            Content_Type="application/json",
        )

    def invoke(self, cmdlet: str, path: str | None = None, **parameters: object) -> Answer:
        return self.post({"CmdletInput": {"CmdletName": cmdlet, "Parameters": parameters}}, path)

    def run(self, cmdlet: str, **parameters: object) -> list[dict[str, Any]]:
        answer = self.invoke(cmdlet, **parameters)
        assert answer.status == 200, answer.body
        found: list[dict[str, Any]] = answer.json["value"]
        return found

    def refusal(self, cmdlet: str, **parameters: object) -> str:
        """Run what is refused; return the text of its innermost message."""
        answer = self.invoke(cmdlet, **parameters)
        assert answer.status == 400, answer.body
        assert answer.json["error"]["message"] == "Invalid Operation"
        text: str = answer.json["error"]["innererror"]["internalexception"]["message"]
        return text

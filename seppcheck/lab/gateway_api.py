"""The gateway's REST API, as far as it is ever read: managed domains and customers.

Shapes are those of the vendor's OpenAPI. As on the appliance, texts that people type come back as
UTF-8 read as ISO 8859-1, and answers about domains hold private keys and passwords.
"""

from __future__ import annotations

import hmac
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from urllib.parse import unquote

from seppcheck.lab.dkim import Key
from seppcheck.lab.webserver import Request, Response, json_response
from seppcheck.scenarios.shape import Appliance, Customer, Managed

BIND_PASSWORD = "lab-bind-password-Zr4kP1wQ"  # noqa: S105 - invented: it must turn up in no report
BASE = "/v1"


@dataclass
class GatewayApi:
    """Answers requests; what it holds may be changed from any thread while it runs."""

    appliance: Appliance
    keys: Mapping[str, Key]
    token: str
    secret: str
    answers: list[Response] = field(default_factory=list)
    """What the next requests are answered with, whatever they ask."""
    asked: list[tuple[str, str]] = field(default_factory=list)
    """Method and path of every request so far."""
    catch_up: Callable[[], None] | None = None
    """Brings `appliance` up to date before a request is answered."""

    def __call__(self, request: Request) -> Response:
        """Answer a request."""
        self.asked.append((request.method, request.path))
        if self.catch_up:
            self.catch_up()
        if self.answers:
            return self.answers.pop(0)
        if not self._authentic(request.headers):
            return error(401, "Unauthorized")
        if request.method != "GET":
            return error(403, "the key may read, and nothing else")
        return self._read(request)

    def _authentic(self, headers: Mapping[str, str]) -> bool:
        given = headers.get("x-sm-api-token", ""), headers.get("x-sm-api-secret", "")
        pairs = zip(given, (self.token, self.secret), strict=True)
        return all(hmac.compare_digest(a.encode(), b.encode()) for a, b in pairs)

    def _read(self, request: Request) -> Response:
        path = request.path.removeprefix(BASE)
        if path == "/mailsystem/manageddomain":
            return self._managed_domains(request.query)
        if path == "/customer":
            names = [customer.name for customer in self.appliance.customers]
            full = {customer.name: _customer(customer) for customer in self.appliance.customers}
            return json_response(200, names if _asks_for_a_list(request.query) else full)
        if path.startswith("/customer/"):
            return self._customer(unquote(path.removeprefix("/customer/")))
        return error(403, "the key may not read this")

    def _managed_domains(self, query: Mapping[str, str]) -> Response:
        wanted, customer = query.get("domainName"), query.get("customer")
        found: dict[str, list[object]] = {}
        for owner in self.appliance.customers:
            domains = [d for d in owner.domains if wanted in (None, d.name)]
            if domains and customer in (None, owner.name):
                found[owner.name] = [d.name if _asks_for_a_list(query) else self._domain(d) for d in domains]
        return json_response(200, found)

    def _customer(self, name: str) -> Response:
        customer = next((c for c in self.appliance.customers if c.name == name), None)
        return json_response(200, {name: _customer(customer)}) if customer else error(500, f"no customer {name}")

    def _domain(self, domain: Managed) -> dict[str, object]:
        shown: dict[str, object] = {
            "domainName": domain.name,
            "forwarding": {"host": domain.forwarding, "noMXLookup": not domain.forwarding_mx_lookup},
            "postmaster": f"postmaster@{domain.name}",
            "webmailDomain": "[default]",
            "tls": {"level": domain.tls_level},
            "externalAuthentication": {
                "ldap": {"enabled": False, "bindDN": "cn=reader,dc=lab,dc=test", "bindPassword": BIND_PASSWORD}
            },
            "autopublishSMIMEDomainKeys": "globally off",
        }
        if domain.smarthost:
            shown["smarthost"] = {"host": domain.smarthost, "noMXLookup": True}
        key = self.keys.get(domain.name) if domain.dkim else None
        shown["dkim"] = (
            {"enabled": True, "privateKey": key.private_pem, "publicKey": key.public_base64}
            if key
            else {"enabled": False}
        )
        return shown


def _customer(customer: Customer) -> dict[str, object]:
    return {
        "adminEmail": f"admin@{customer.domains[0].name}",
        "admins": [],
        "comment": _misread("wartet auf Rückmeldung"),
        "creator": "Created by admin on Tue Mar  3 09:12:44 2026",
        "defaultGINADomain": "[default]",
        "deleteOldMessagesGracePeriod": 0,
        "deleteUnregistered": 0,
        "description": _misread(customer.description),
        "mailRoutes": [domain.name for domain in customer.domains],
        "maximumEncryptionLicenses": 25,
        "maximumLFTLicenses": 0,
        "name": customer.name,
        "sendBackupToAdmin": False,
    }


def _misread(typed: str) -> str:
    """Return UTF-8 as read by who takes it for ISO 8859-1: the appliance's habit."""
    return typed.encode("utf-8").decode("latin-1")


def _asks_for_a_list(query: Mapping[str, str]) -> bool:
    return query.get("list") == "true"


def error(status: int, message: str) -> Response:
    """Return an error in the API's shape."""
    return json_response(status, {"errorCode": status, "errorMessage": message})

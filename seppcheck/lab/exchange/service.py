"""Exchange Online over HTTPS: tokens, InvokeCommand, and trouble on demand."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from seppcheck.lab.exchange.commands import CMDLETS
from seppcheck.lab.exchange.refusals import (
    Refusal,
    WrongValue,
    expired_page,
    forbidden,
    not_allowed,
    refused,
)
from seppcheck.lab.exchange.tenant import Cmdlet, Parameters, Properties, Tenant
from seppcheck.lab.exchange.tokens import APP_ROLE, SCOPES, WRITING_ROLES, App, Tokens
from seppcheck.lab.exchange.trouble import Mishap, Trouble
from seppcheck.lab.webserver import Request, Response, json_response

_TOKEN = re.compile(r"/(?P<tenant>[^/]+)/oauth2/v2\.0/token")
_CONFIGURATION = re.compile(r"/(?P<tenant>[^/]+)/(v2\.0/)?\.well-known/openid-configuration")
_INVOKE = re.compile(r"/adminapi/beta/(?P<tenant>[^/]+)/InvokeCommand")
_MODULE = re.compile(r"/adminapi/v1\.0/(?P<tenant>[^/]+)/EXOModuleFile")
_LISTS_OF_TEXT = "#Collection(String)"


class ExchangeOnline:
    """Answers requests for one tenant; `tenant`, `app` and `trouble` may be changed while it runs."""

    def __init__(self, tenant: Tenant, app: App) -> None:
        self.tenant = tenant
        self.app = app
        self.trouble = Trouble()
        self.invoked: list[str] = []
        """The cmdlets that were run or refused, in their order."""
        self._tokens = Tokens(tenant.name, tenant.guid, app, tenant.clock)

    def run(self, cmdlet: str, **parameters: object) -> list[Properties]:
        """Run a cmdlet as an administrator would, without HTTP, and return what it outputs.

        Raises:
            Refusal: what Exchange refuses.
            KeyError: for a cmdlet that the lab does not know.
        """
        return CMDLETS[cmdlet](self.tenant, parameters)

    def __call__(self, request: Request) -> Response:
        """Answer a request."""
        response = self._answer(request)
        return replace(response, delay=response.delay + self.trouble.latency)

    def _answer(self, request: Request) -> Response:
        if (found := _TOKEN.fullmatch(request.path)) and request.method == "POST":
            return self._tokens.grant(found["tenant"], request)
        if (found := _CONFIGURATION.fullmatch(request.path)) and request.method == "GET":
            return self._tokens.configuration(found["tenant"], request.headers.get("host", ""))
        if (found := _INVOKE.fullmatch(request.path)) and request.method == "POST":
            return self._authorized(found["tenant"], request, self._invoke)
        if (found := _MODULE.fullmatch(request.path)) and request.method == "GET":
            return self._authorized(found["tenant"], request, self._module)
        return Response(404, headers={"Content-Type": "text/plain"})

    def _authorized(self, tenant: str, request: Request, answer: Any) -> Response:
        """Let an app through that has both grants; neither alone opens anything."""
        claims = self._tokens.read(request.headers.get("authorization", ""))
        if claims is None or not self._tokens.knows(tenant) or f"{claims['aud']}/.default" not in SCOPES:
            return Response(401, headers={"WWW-Authenticate": 'Bearer error="invalid_token"'})
        if APP_ROLE not in claims["roles"]:
            return not_allowed(request.headers.get("x-cmdletname", "the cmdlet"))
        if not claims["wids"]:
            return forbidden()
        response: Response = answer(request, bool(WRITING_ROLES & set(claims["wids"])))
        return response

    def _module(self, _request: Request, may_write: bool) -> Response:
        if not self.trouble.tells_cmdlets:
            return Response(404, headers={"Content-Type": "text/plain"})
        names = sorted(name for name, cmdlet in CMDLETS.items() if may_write or not cmdlet.writes)
        return json_response(200, {"value": [{"exportedCmdlets": ",".join(names)}]})

    def _invoke(self, request: Request, may_write: bool) -> Response:
        trouble = self.trouble.next()
        if trouble is not None:
            return trouble
        try:
            name, parameters = _command(request)
            cmdlet = CMDLETS.get(name)
            if cmdlet is None or (cmdlet.writes and not may_write):
                self.invoked.append(name)
                return forbidden()
            aimed = self.trouble.strike(name) if cmdlet.writes else None
            if aimed is None:
                return self._run(name, cmdlet, parameters, request)
            if aimed.mishap is Mishap.REFUSED:
                self.invoked.append(name)
            hidden = aimed.unseen if aimed.mishap is Mishap.HALF_VISIBLE else None
            return self.trouble.answer(aimed.mishap, lambda: self._run(name, cmdlet, parameters, request, hidden))
        except Refusal as refusal:
            return refused(refusal)

    def _run(
        self, name: str, cmdlet: Cmdlet, parameters: Parameters, request: Request, unseen: int | None = None
    ) -> Response:
        self.invoked.append(name)
        with self.tenant.lock:
            usual = self.tenant.hide_new
            self.tenant.hide_new = usual if unseen is None else unseen + 1  # the command itself counts
            try:
                return self._page(cmdlet(self.tenant, parameters), request)
            finally:
                self.tenant.hide_new = usual

    def _page(self, objects: list[Properties], request: Request) -> Response:
        size = self.trouble.page_size or len(objects) or 1
        start = request.query.get("$skiptoken", "0")
        first = int(start) if start.isdecimal() and len(start) < 10 else 0  # noqa: PLR2004 - digits of a place
        if first and self.trouble.pages_expire:
            return expired_page()
        answer: dict[str, Any] = {
            "@odata.context": f"https://{request.headers.get('host', '')}/adminapi/beta/{self.tenant.guid}/$metadata"
            "#Collection(Exchange.GenericHashTable)",
            "adminapi.warnings@odata.type": _LISTS_OF_TEXT,
            "@adminapi.warnings": [],
            "value": [_record(o, request.query.get("$select", "")) for o in objects[first : first + size]],
        }
        if first + size < len(objects):
            answer["@odata.nextLink"] = (
                f"https://{request.headers.get('host', '')}{request.path}?$skiptoken={first + size}"
            )
        return json_response(200, answer)


def _command(request: Request) -> tuple[str, Mapping[str, Any]]:
    try:
        command = request.json()["CmdletInput"]
        name, parameters = command["CmdletName"], command["Parameters"]
    except (ValueError, KeyError, TypeError, RecursionError):
        raise WrongValue("The request holds no CmdletInput with CmdletName and Parameters.") from None
    if not isinstance(name, str) or not isinstance(parameters, dict):
        raise WrongValue("Parameters must be an object.")
    return name, parameters


def _record(found: Properties, select: str) -> dict[str, Any]:
    """Return an object as it is sent: sidecar keys say what JSON cannot."""
    wanted = {name.strip() for name in select.split(",")} if select else set(found)
    record: dict[str, Any] = {}
    for name, value in found.items():
        if name not in wanted:
            continue
        if isinstance(value, list):
            record[f"{name}@odata.type"] = _LISTS_OF_TEXT
        elif isinstance(value, int) and not isinstance(value, bool):
            record[f"{name}@data.type"] = "System.Int32"
        elif name == "Guid":
            record["Guid@data.type"] = "System.Guid"
        elif name.startswith("When"):
            record[f"{name}@data.type"] = "System.DateTime"
        record[name] = value
    return record

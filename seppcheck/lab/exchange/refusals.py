"""How Exchange Online says no: errors of commands, and the bodies that carry them.

Nearly every failure of a command is a 400 whose outer message is always "Invalid Operation"; what is
wrong stands in the inner parts.
"""

from __future__ import annotations

from seppcheck.lab.webserver import Response, json_response

_COMMANDS = "Microsoft.Exchange.AdminApi.CommandInvocation"


class Refusal(Exception):  # noqa: N818 - it is what Exchange does
    """A command that Exchange refuses: the type of its exception, and its text."""

    kind = "Microsoft.Exchange.Configuration.Tasks.InvalidOperationException"
    detailed = True

    def __init__(self, text: str, kind: str | None = None) -> None:
        super().__init__(text)
        self.text = text
        self.kind = kind or self.kind


class UnknownParameter(Refusal):
    """A parameter that the cmdlet does not have."""

    kind = f"{_COMMANDS}.AmbiguousParameterSetException"


class WrongValue(Refusal):
    """A value of another type, or a member that an enumeration does not have; without `details`."""

    kind = f"{_COMMANDS}.ParameterTransformationException"
    detailed = False


class NotFound(Refusal):
    """No such object: a 400 as well, not a 404."""

    kind = "Microsoft.Exchange.Configuration.Tasks.ManagementObjectNotFoundException"

    def __init__(self, identity: object) -> None:
        super().__init__(f"The operation couldn't be performed because object '{identity}' couldn't be found.")


class Invalid(Refusal):
    """Properties that do not go together."""

    kind = "Microsoft.Exchange.Data.DataValidationException"


class Prohibited(Refusal):
    """EX505293: new tenants may not have inbound connectors of type OnPremises."""

    kind = "Microsoft.Exchange.Management.Tasks.OrganizationInboundConnectorProhibitedException"

    def __init__(self) -> None:
        super().__init__("EX505293: Creating or enabling inbound connectors of type OnPremises is not allowed.")


def refused(refusal: Refusal) -> Response:
    """Return the 400 of a command."""
    message = f"|{refusal.kind}|{refusal.text}"
    internal = {"message": message, "type": refusal.kind, "stacktrace": ""}
    error: dict[str, object] = {"code": "BadRequest", "message": "Invalid Operation"}
    if refusal.detailed:
        error["details"] = [{"code": "Client", "target": "", "message": message}]
    error["innererror"] = {
        "message": "Invalid Operation",
        "type": "Microsoft.Exchange.Admin.OData.Core.ODataServiceException",
        "internalexception": internal,
    }
    return json_response(400, {"error": error})


def expired_page() -> Response:
    """Return the 400 that answers a page whose token another server gave."""
    return refused(Refusal("Expired or Invalid pagination request. Default Expiry time is 00:30:00"))


def not_allowed(cmdlet: str) -> Response:
    """Return the 401 of an app with neither the app role nor a directory role."""
    return json_response(401, {"error": {"code": "Unauthorized", "message": f"User is not allowed to call {cmdlet}"}})


def forbidden() -> Response:
    """Return the 403 of a role that is missing or a cmdlet that is unknown: no JSON at all, but NUL bytes."""
    return Response(403, b"\0" * 64, {"Content-Type": "application/json"})


def throttled(retry_after: str) -> Response:
    """Return the 429 of a tenant that is asked too much."""
    text = "You have reached the maximum number of concurrent requests per tenant. Please wait and try again"
    return Response(429, text.encode("ascii"), {"Content-Type": "text/plain", "Retry-After": retry_after})

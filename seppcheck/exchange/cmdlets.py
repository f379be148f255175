"""The cmdlets that are read, live or by the export's script."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from seppcheck.model.evidence import Evidence
from seppcheck.model.exchange import (
    AcceptedDomains,
    ArcConfig,
    ConnectionFilterPolicies,
    DkimSigningConfigs,
    InboundConnectors,
    OrganizationConfig,
    OutboundConnectors,
    RemoteDomains,
    TransportRules,
)


@dataclass(frozen=True, slots=True)
class Query:
    """One call of a cmdlet. Its answer is in the export's file `<name><suffix>.json`.

    `parameters` are those besides `ResultSize`; `unlimited` tells that the cmdlet has that one.
    """

    cmdlet: str
    unlimited: bool = True
    suffix: str = ""
    parameters: tuple[tuple[str, bool], ...] = ()

    @property
    def name(self) -> str:
        """The name of its file without `.json`, and its key in the export's counts."""
        return self.cmdlet + self.suffix

    @property
    def arguments(self) -> dict[str, object]:
        """The parameters as InvokeCommand takes them."""
        size: dict[str, object] = {"ResultSize": "Unlimited"} if self.unlimited else {}
        return {**size, **dict(self.parameters)}


QUERIES: Mapping[type[Evidence], tuple[Query, ...]] = {
    InboundConnectors: (Query("Get-InboundConnector"),),
    # asked for connectors in test mode it gives these alone, so it is asked both ways
    OutboundConnectors: (
        Query("Get-OutboundConnector"),
        Query("Get-OutboundConnector", suffix=".TestMode", parameters=(("IncludeTestModeConnectors", True),)),
    ),
    TransportRules: (Query("Get-TransportRule"),),
    AcceptedDomains: (Query("Get-AcceptedDomain"),),
    DkimSigningConfigs: (Query("Get-DkimSigningConfig", unlimited=False),),
    ConnectionFilterPolicies: (Query("Get-HostedConnectionFilterPolicy", unlimited=False),),
    RemoteDomains: (Query("Get-RemoteDomain"),),
    OrganizationConfig: (Query("Get-OrganizationConfig", unlimited=False),),
    ArcConfig: (Query("Get-ArcConfig", unlimited=False),),
}
"""What is asked for each kind of evidence; several answers make one list."""

"""What every check finds in every scenario, by phase."""

from __future__ import annotations

from collections.abc import Mapping

LETTERS = {
    "passed": "P",
    "warned": "W",
    "failed": "F",
    "not-applicable": "n",
    "inconclusive": "?",
}
"""Of a check of domains the letters of kunde.test and praxis.test stand side by side where they differ."""

EXIT_CODES = {
    "readiness": "ready 0 broken 1 parallel 1 prepared 0 cutover 1 inline 0 forgotten-hold 1 half-migrated 1",
    "cutover": "ready 1 broken 1 parallel 1 prepared 1 cutover 0 inline 1 forgotten-hold 0 half-migrated 1",
    "verification": "ready 1 broken 1 parallel 1 prepared 1 cutover 1 inline 0 forgotten-hold 1 half-migrated 1",
}

TABLES = {
    "readiness": """
check                  ready  broken  parallel  prepared  cutover  inline  forgotten-hold  half-migrated
custom-command         P      F       F         P         P        P       P               P
dane-tlsa              P      P       P         P         P        P       P               P
delivery-hold          P      P       ?         P         F        P       F               P
dkim-custom-command    P      F       F         P         P        P       P               F
dkim-gateway-key       P      P       P         P         P        P       P               P
dmarc-alignment        P      W       P         P         P        P       P               P
dns-mx-ttl             P      FP      F         P         P        P       P               P
dns-ptr                P      F       P         P         P        P       P               P
dns-spf-gateway        P      W       P         P         P        P       P               P
dns-spf-ttl            P      Fn      F         P         P        P       P               P
dns-ttl-lead-time      P      W       W         P         P        n       n               P
extended-field         P      P       F         P         P        P       P               P
gateway-firmware       P      W       P         P         P        P       P               P
gateway-forwarding     P      P       P         P         P        P       P               P
gateway-internal-mail  P      F       F         P         P        P       P               P
gateway-mta            P      F       F         P         P        P       P               P
gateway-tls-level      P      P       P         P         P        P       P               P
mta-sts                P      P       P         P         P        P       P               P
sender-certificate     P      W       ?         P         P        P       P               P
smtp-banner            P      F       P         P         P        P       P               P
smtp-certificate       P      W       P         P         P        P       P               P
smtp-helo              P      F       F         P         P        P       P               P
tenant-domains         P      P       P         P         P        P       P               P
tenant-to-tenant       P      P       P         P         W        W       W               W
""",
    "cutover": """
check                   ready  broken  parallel  prepared  cutover  inline  forgotten-hold  half-migrated
custom-command          P      F       F         P         P        P       P               P
dane-tlsa               P      P       P         P         P        P       P               P
delivery-hold           F      F       F         F         P        F       P               F
direct-send             P      P       P         P         P        P       P               W
dkim-custom-command     P      F       F         P         P        P       P               F
dkim-gateway-key        P      P       P         P         P        P       P               P
dmarc-alignment         P      W       P         P         P        P       P               P
dns-mx                  W      W       W         W         W        P       P               FW
dns-mx-ttl              P      FP      F         P         P        P       P               P
dns-ptr                 P      F       P         P         P        P       P               P
dns-spf-gateway         P      W       P         P         P        P       P               P
dns-spf-ttl             P      Fn      F         P         P        P       P               P
dns-ttl-lead-time       P      F?      F         P         P        n       n               P
enhanced-filtering      n      n       n         n         P        P       P               W
extended-field          P      P       F         P         P        P       P               P
gateway-firmware        P      W       P         P         P        P       P               P
gateway-forwarding      P      P       P         P         P        P       P               P
gateway-internal-mail   P      F       F         P         P        P       P               P
gateway-mta             P      F       F         P         P        P       P               P
gateway-smarthost       F      F       F         F         P        P       P               PF
gateway-tls-level       P      P       P         P         P        P       P               P
inbound-connector       F      F       F         F         P        P       P               W
inbound-connector-tls   F      F       F         F         P        P       P               P
ip-allow-list           P      P       P         P         P        P       P               W
mta-sts                 P      P       P         P         P        P       P               P
outbound-connector      F      F       F         F         P        P       P               P
outbound-connector-tls  F      F       F         F         P        P       P               F
parallel-connectors     F      F       F         F         W        P       P               F
parallel-rules          F      F       F         F         W        P       P               F
remote-domains          P      P       P         P         P        P       P               P
rule-order              n      n       n         n         P        P       P               P
sender-certificate      P      F       ?         P         P        P       P               P
smtp-banner             P      F       P         P         P        P       P               P
smtp-certificate        P      F       P         P         P        P       P               P
smtp-helo               P      F       F         P         P        P       P               P
tenant-domains          W      W       W         W         W        P       P               F
tenant-to-tenant        P      P       P         P         W        W       W               W
transport-rule          F      F       F         F         P        P       P               F
""",
    "verification": """
check                   ready  broken  parallel  prepared  cutover  inline  forgotten-hold  half-migrated
custom-command          P      F       F         P         P        P       P               P
dane-tlsa               P      P       P         P         P        P       P               P
delivery-hold           P      ?       ?         P         F        P       F               P
direct-send             P      P       P         P         P        P       P               W
dkim-custom-command     P      F       F         P         P        P       P               F
dkim-gateway-key        P      P       P         P         P        P       P               P
dmarc-alignment         P      W       P         P         P        P       P               P
dns-mx                  F      F       F         F         F        P       P               F
dns-ptr                 P      F       P         P         P        P       P               P
dns-spf-gateway         P      W       P         P         P        P       P               P
enhanced-filtering      n      n       n         n         P        P       P               W
extended-field          P      P       F         P         P        P       P               P
gateway-firmware        P      W       P         P         P        P       P               P
gateway-forwarding      P      P       P         P         P        P       P               P
gateway-internal-mail   P      F       F         P         P        P       P               P
gateway-mta             P      F       F         P         P        P       P               P
gateway-smarthost       F      F       F         F         P        P       P               PF
gateway-tls-level       P      P       P         P         P        P       P               P
inbound-connector       F      F       F         F         F        P       P               P
inbound-connector-tls   F      F       F         F         P        P       P               P
ip-allow-list           P      P       P         P         P        P       P               W
mail-route              W      W       W         W         W        P       ?               W
mta-sts                 P      P       P         P         P        P       P               P
outbound-connector      F      F       F         F         P        P       P               P
outbound-connector-tls  F      F       F         F         P        P       P               F
parallel-connectors     F      F       F         F         F        P       P               F
parallel-rules          F      F       F         F         F        P       P               F
remote-domains          P      P       P         P         P        P       P               P
rule-order              n      n       n         n         P        P       P               P
sender-certificate      P      F       ?         P         P        P       P               P
smtp-banner             P      F       P         P         P        P       P               P
smtp-certificate        P      F       P         P         P        P       P               P
smtp-helo               P      F       F         P         P        P       P               P
tenant-domains          W      W       W         W         W        P       P               F
tenant-to-tenant        P      P       P         P         W        W       W               W
transport-rule          F      F       F         F         P        P       P               F
""",
}


def expected(phase: str, scenario: str) -> Mapping[str, str]:
    """Return the letters of every check that is due, by its id."""
    head, *rows = (line.split() for line in TABLES[phase].strip().splitlines())
    column = head.index(scenario) - 1
    return {check: letters[column] for check, *letters in rows}


def exit_code(phase: str, scenario: str) -> int:
    """Return the exit code."""
    words = EXIT_CODES[phase].split()
    return int(words[words.index(scenario) + 1])

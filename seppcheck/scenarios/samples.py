"""Mails as trusted receivers took them, with the Received lines that the gateway and Exchange Online write.

The gateway's public address is the loopback address, as everywhere in the lab. `helo` is what the gateway
calls itself when it hands a mail over.
"""

from __future__ import annotations

from seppcheck.scenarios.appliances import KUNDE
from seppcheck.scenarios.shape import GATEWAY, Sample

RECEIVERS = ("mx.fremd.test", "*.mail.protection.outlook.com", "*.prod.outlook.com")
"""Whose Received lines are believed: the outside receiver's, and Exchange Online's."""

_TLS = "(using TLSv1.3 with cipher TLS_AES_256_GCM_SHA384 (256/256 bits)) (No client certificate requested)"

_CUSTOMERS_EXCHANGE = "AM0PR02CU008.outbound.protection.outlook.com"
_FROM_EXCHANGE = f"""\
Received: from {_CUSTOMERS_EXCHANGE}
 (mail-westeuropeazon11013014.outbound.protection.outlook.com [52.101.72.14])
 {_TLS}
"""


def _to_exchange(helo: str) -> str:
    return f"""\
Received: from {helo} (127.0.0.1) by AM6EUR05FT031.mail.protection.outlook.com
 (10.233.241.86) with Microsoft SMTP Server (version=TLS1_3, cipher=TLS_AES_256_GCM_SHA384)
 id 15.20.9412.4 via Frontend Transport; {{date}}
"""


def _second_pass(address: str, host: str) -> str:
    """Return what Exchange Online writes into a mail that it sees again."""
    return f"""\
X-EOPAttributedMessage: 1
X-MS-Exchange-SkipListedInternetSender: ip=[{address}];domain={host}
X-MS-Exchange-ExternalOriginalInternetSender: ip=[{address}];domain={host}
"""


def outgoing(helo: str = GATEWAY, smarthost: str = "") -> Sample:
    """From the customer to the Internet, inline: the gateway hands it over itself, or to the smarthost that is set."""
    direct = f"""\
Received: from {helo} ({GATEWAY} [127.0.0.1])
 {_TLS}
 by mx.fremd.test (Postfix) with ESMTPS id 4f7K2q1xZ9z; {{date}}
"""
    round_about = (
        f"{_FROM_EXCHANGE} by mx.fremd.test (Postfix) with ESMTPS id 4f7K2q1xZ9z; {{date}}\n"
        f"{_to_exchange(helo)}{_second_pass('52.101.72.14', _CUSTOMERS_EXCHANGE)}"
    )
    told = f"X-SM-smarthost: [{smarthost}]\n" if smarthost else ""
    return Sample(
        "outgoing",
        f"""\
{round_about if smarthost else direct}{_FROM_EXCHANGE} by {GATEWAY} (Postfix) with ESMTPS; {{date}}
X-SM-outgoing: yes
{told}From: Anna Kunde <anna@{KUNDE}>
To: Fritz Fremd <fritz@fremd.test>
Subject: Offer
Date: {{date}}
Message-ID: <lab-outgoing@{KUNDE}>

As discussed.
""",
    )


def incoming(helo: str = GATEWAY) -> Sample:
    """From the Internet to the customer, inline: Exchange Online took it from the gateway, and it from the sender."""
    return Sample(
        "incoming",
        f"""\
{_to_exchange(helo)}X-MS-Exchange-SkipListedInternetSender: ip=[198.51.100.7];domain=mx.fremd.test
X-MS-Exchange-ExternalOriginalInternetSender: ip=[198.51.100.7];domain=mx.fremd.test
Received: from mx.fremd.test (mx.fremd.test [198.51.100.7])
 {_TLS}
 by {GATEWAY} (Postfix) with ESMTPS; {{date}}
X-SM-incoming: yes
From: Fritz Fremd <fritz@fremd.test>
To: Anna Kunde <anna@{KUNDE}>
Subject: Re: Offer
Date: {{date}}
Message-ID: <lab-incoming@fremd.test>

Agreed.
""",
    )


def parallel(helo: str = GATEWAY) -> Sample:
    """From the Internet to the customer, in parallel operation: Exchange Online sent it to the gateway first."""
    host = "AS8PR04CU009.outbound.protection.outlook.com"
    return Sample(
        "incoming-parallel",
        f"""\
{_to_exchange(helo)}{_second_pass("40.93.20.102", host)}Received: from {host}
 (mail-northeuropeazlp17010102.outbound.protection.outlook.com [40.93.20.102])
 {_TLS}
 by {GATEWAY} (Postfix) with ESMTPS; {{date}}
X-SM-incoming: yes
From: Fritz Fremd <fritz@fremd.test>
To: Anna Kunde <anna@{KUNDE}>
Subject: Re: Offer
Date: {{date}}
Message-ID: <lab-parallel@fremd.test>

Agreed.
""",
    )

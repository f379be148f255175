"""Mails as trusted receivers took them, with the Received lines that the gateway and Exchange Online write.

The gateway's public address is the loopback address, as everywhere in the lab.
"""

from __future__ import annotations

from seppcheck.scenarios.appliances import KUNDE
from seppcheck.scenarios.shape import GATEWAY, Sample

RECEIVERS = ("mx.fremd.test", "*.mail.protection.outlook.com", "*.prod.outlook.com")
"""Whose Received lines are believed: the outside receiver's, and Exchange Online's."""

_TLS = "(using TLSv1.3 with cipher TLS_AES_256_GCM_SHA384 (256/256 bits)) (No client certificate requested)"


def _from_gateway(helo: str = GATEWAY) -> str:
    return f"""\
Received: from {helo} (127.0.0.1) by AM6EUR05FT031.mail.protection.outlook.com
 (10.233.241.86) with Microsoft SMTP Server (version=TLS1_3, cipher=TLS_AES_256_GCM_SHA384)
 id 15.20.9412.4 via Frontend Transport; {{date}}
"""


OUTGOING = Sample(
    "outgoing",
    f"""\
Received: from {GATEWAY} ({GATEWAY} [127.0.0.1])
 {_TLS}
 by mx.fremd.test (Postfix) with ESMTPS id 4f7K2q1xZ9z; {{date}}
Received: from AM0PR02CU008.outbound.protection.outlook.com
 (mail-westeuropeazon11013014.outbound.protection.outlook.com [52.101.72.14])
 {_TLS}
 by {GATEWAY} (Postfix) with ESMTPS; {{date}}
X-SM-outgoing: yes
From: Anna Kunde <anna@{KUNDE}>
To: Fritz Fremd <fritz@fremd.test>
Subject: Offer
Date: {{date}}
Message-ID: <lab-outgoing@{KUNDE}>

As discussed.
""",
)
"""From the customer to the Internet, inline: the gateway hands it over itself."""

INCOMING = Sample(
    "incoming",
    f"""\
{_from_gateway()}X-MS-Exchange-SkipListedInternetSender: ip=[198.51.100.7];domain=mx.fremd.test
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
"""From the Internet to the customer, inline: Exchange Online took it from the gateway, and it from the sender."""


def parallel(helo: str = GATEWAY) -> Sample:
    """From the Internet to the customer, in parallel operation: Exchange Online sent it to the gateway first."""
    return Sample(
        "incoming-parallel",
        f"""\
{_from_gateway(helo)}X-EOPAttributedMessage: 1
X-MS-Exchange-SkipListedInternetSender: ip=[40.93.20.102];domain=AS8PR04CU009.outbound.protection.outlook.com
X-MS-Exchange-ExternalOriginalInternetSender: ip=[40.93.20.102];domain=AS8PR04CU009.outbound.protection.outlook.com
Received: from AS8PR04CU009.outbound.protection.outlook.com
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

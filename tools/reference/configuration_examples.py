"""An example of every table of seppcheck.toml; a test holds them against the models."""

from __future__ import annotations

from collections.abc import Mapping

EXAMPLES: Mapping[str, str] = {
    "[gateway]": '[gateway]\nname = "secure.example.org"\naddresses = ["203.0.113.25", "2001:db8::25"]',
    "[gateway.api]": (
        '[gateway.api]\nurl = "https://secure.example.org:8445/v1"\ntoken = "env:SEPPMAIL_API_TOKEN"\n'
        'secret = "env:SEPPMAIL_API_SECRET"'
    ),
    "[[gateway.nodes]]": '[[gateway.nodes]]\nname = "node1.example.org"\naddresses = ["203.0.113.26"]',
    "[exchange]": (
        '[exchange]\ntenant = "example.onmicrosoft.com"\nclient_id = "00000000-0000-0000-0000-000000000000"\n'
        'certificate = "file:app.pem"'
    ),
    "[dns]": '[dns]\nresolvers = ["192.0.2.53"]\ntimeout = 5.0',
    "[[dns.update]]": (
        '[[dns.update]]\nserver = "ns1.example.org"\nzone = "example.org"\nkey_name = "seppcheck."\n'
        'secret = "env:TSIG_SECRET"'
    ),
    "[mail]": '[mail]\nsamples = ["samples/*.eml"]',
    "[smtp]": '[smtp]\ntimeout = 30.0\nehlo_name = "audit.example.net"',
    "[octodns]": '[octodns]\nconfig = "octodns.yaml"\nprovider = "powerdns"',
    "[[notify]]": '[[notify]]\nkind = "teams"\nurl = "env:SEPPCHECK_WEBHOOK"\non = ["failed", "recovered"]',
    "[run]": "[run]\ndeadline = 60.0\nrecord_max_age_days = 30",
    "[[run.skip]]": '[[run.skip]]\ncheck = "dns-spf-gateway"\nreason = "SPF is flattened by our provider"',
    "[[domains]]": '[[domains]]\nname = "example.org"\ncustomer = "example"\ndkim_selector = "seppmail"',
    "[[waivers]]": (
        '[[waivers]]\ncheck = "dns-mx-ttl"\ntarget = "example.org"\nreason = "the registrar\'s minimum is 600 s"\n'
        'owner = "postmaster"\nuntil = 2026-12-31'
    ),
}

"""The PowerShell that makes an export, for Windows PowerShell 5.1 and PowerShell 7."""

from __future__ import annotations

from collections.abc import Iterator

from seppcheck.exchange.cmdlets import QUERIES, Query
from seppcheck.exchange.export_info import NAME, SCHEMA_VERSION

_HEAD = """\
# Reads from Exchange Online what seppcheck judges, and changes nothing there.
#
#   Install-Module ExchangeOnlineManagement        # once
#   Connect-ExchangeOnline                         # Global Reader or Security Reader is enough
#   .\\export.ps1 -Path exchange-export             # this script
#
# Then write into seppcheck.toml:
#
#   [exchange]
#   export = "exchange-export"
#
# Works with Windows PowerShell 5.1 and with PowerShell 7.
param([string]$Path = 'exchange-export')

Set-StrictMode -Version 2.0
$ErrorActionPreference = 'Stop'

$folder = (New-Item -ItemType Directory -Force -Path $Path).FullName
$info = Join-Path $folder '{name}'
# an export that breaks off halfway must not look like a whole one
if (Test-Path -LiteralPath $info) {{ Remove-Item -LiteralPath $info }}
$collectedAt = [DateTime]::UtcNow.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", [Globalization.CultureInfo]::InvariantCulture)
$counts = [ordered]@{{}}

# PowerShell 5.1 does not know -EnumsAsStrings
$json = @{{ Depth = 10; Compress = $true }}
if ((Get-Command ConvertTo-Json).Parameters.ContainsKey('EnumsAsStrings')) {{ $json['EnumsAsStrings'] = $true }}

function Write-Utf8 {{
    param([string]$File, [string]$Text)
    # Out-File and Set-Content of 5.1 write other encodings
    [IO.File]::WriteAllText($File, $Text, (New-Object Text.UTF8Encoding $false))
}}

function Export-List {{
    param([string]$Name, [scriptblock]$Command)
    $file = Join-Path $folder "$Name.json"
    if (Test-Path -LiteralPath $file) {{ Remove-Item -LiteralPath $file }}
    Write-Host "$Name ..."
    try {{
        $objects = @(& $Command | Where-Object {{ $null -ne $_ }})
    }} catch {{
        # seppcheck says of what is missing that it was not collected
        Write-Warning "$Name is left out: $_"
        return
    }}
    # one by one, for ConvertTo-Json makes a list of one object into an object, and an empty list into nothing
    $items = @($objects | ForEach-Object {{ ConvertTo-Json -InputObject $_ @json }})
    Write-Utf8 -File $file -Text ("[`n" + ($items -join ",`n") + "`n]`n")
    $script:counts[$Name] = $objects.Count
}}

"""
_TAIL = """
$initial = @(Get-AcceptedDomain -ResultSize Unlimited -ErrorAction Stop | Where-Object {{ $_.InitialDomain }})
$tenant = $initial[0].DomainName
$about = [ordered]@{{ schema_version = {version}; collected_at = $collectedAt; tenant = "$tenant"; counts = $counts }}
Write-Utf8 -File $info -Text ((ConvertTo-Json -InputObject $about -Depth 4) + "`n")
Write-Host "Written to $folder"
"""


def export_script() -> str:
    """Return the script; it is ASCII, so that no encoding can harm it."""
    calls = "".join(f"{line}\n" for line in _calls())
    return _HEAD.format(name=NAME) + calls + _TAIL.format(version=SCHEMA_VERSION)


def _calls() -> Iterator[str]:
    for queries in QUERIES.values():
        for query in queries:
            yield f"Export-List '{query.name}' {{ {_command(query)} }}"


def _command(query: Query) -> str:
    parameters = [f"-{name} {f'${value}'.lower()}" for name, value in query.parameters]
    size = ["-ResultSize Unlimited"] if query.unlimited else []
    return " ".join([query.cmdlet, *size, *parameters, "-ErrorAction Stop"])  # else a failure is an empty list

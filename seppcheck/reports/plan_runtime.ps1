Set-StrictMode -Version 2.0
$ErrorActionPreference = 'Stop'
$lineFeed = [string][char]10

function Assert-Tenant {
    # stops in any other tenant than the plan's
    param([string]$Tenant)
    if (-not (Get-Command -Name 'Get-AcceptedDomain' -ErrorAction SilentlyContinue)) { throw $say.NotConnected }
    $names = @(Get-AcceptedDomain -ResultSize Unlimited -ErrorAction Stop | ForEach-Object { [string]$_.DomainName })
    $organization = Get-OrganizationConfig -ErrorAction Stop
    foreach ($name in @('Name', 'ExternalDirectoryOrganizationId')) {
        $property = $organization.PSObject.Properties[$name]
        if ($null -ne $property) { $names += [string]$property.Value }
    }
    if (@($names | Where-Object { Test-SameName -One $_ -Other $Tenant }).Count -eq 0) { throw ($say.OtherTenant -f (Format-Shown -Text $Tenant)) }
}

function Format-Shown {
    # a terminal would obey control characters
    param([string]$Text)
    return ($Text -replace '\p{C}', '?')
}

function Test-SameName {
    param([string]$One, [string]$Other)
    return [string]::Equals($One, $Other, [StringComparison]::OrdinalIgnoreCase)
}

function Get-PlanObject {
    # every object of a sort, once each: outbound connectors in test mode are given only when asked for
    param([string]$Noun)
    $all = @(
        switch ($Noun) {
            'InboundConnector' { Get-InboundConnector -ResultSize Unlimited -ErrorAction Stop }
            'OutboundConnector' {
                Get-OutboundConnector -ResultSize Unlimited -ErrorAction Stop
                Get-OutboundConnector -ResultSize Unlimited -IncludeTestModeConnectors $true -ErrorAction Stop
            }
            'TransportRule' { Get-TransportRule -ResultSize Unlimited -ErrorAction Stop }
            'HostedConnectionFilterPolicy' { Get-HostedConnectionFilterPolicy -ErrorAction Stop }
            default { throw $Noun }
        }
    )
    $seen = @{}
    foreach ($object in $all) {
        if ($null -eq $object) { continue }
        $guid = [string]$object.Guid
        if ($guid -and $seen.ContainsKey($guid)) { continue }
        $seen[$guid] = $true
        $object
    }
}

function Export-Present {
    # keeps what is there before anything is changed; whatever fails here stops the script
    $at = [DateTime]::UtcNow.ToString('yyyyMMddTHHmmssZ', [Globalization.CultureInfo]::InvariantCulture)
    $folder = (New-Item -ItemType Directory -Path (Join-Path $ExportPath $at) -Confirm:$false).FullName
    $json = @{ Depth = 10; Compress = $true }
    # PowerShell 5.1 does not know -EnumsAsStrings
    if ((Get-Command -Name 'ConvertTo-Json').Parameters.ContainsKey('EnumsAsStrings')) { $json['EnumsAsStrings'] = $true }
    foreach ($noun in @('InboundConnector', 'OutboundConnector', 'TransportRule', 'HostedConnectionFilterPolicy')) {
        $objects = @(Get-PlanObject -Noun $noun)
        # one by one, for ConvertTo-Json makes a list of one object into an object, and an empty list into nothing
        $items = @($objects | ForEach-Object { ConvertTo-Json -InputObject $_ @json })
        $text = '[' + $lineFeed + ($items -join (',' + $lineFeed)) + $lineFeed + ']' + $lineFeed
        $file = Join-Path $folder ('Get-{0}.json' -f $noun)
        # Out-File and Set-Content of 5.1 write other encodings
        [IO.File]::WriteAllText($file, $text, (New-Object -TypeName 'Text.UTF8Encoding' -ArgumentList $false))
    }
    Write-Host ($say.Exported -f $folder)
}

function Find-PlanObject {
    # the one object of this Guid or, where this script makes it, of one of these names; nothing where there is none
    param([string]$Noun, [string]$Guid, [string[]]$Name)
    $found = @(Get-PlanObject -Noun $Noun | Where-Object {
        $present = $_
        if ($Guid) { Test-SameName -One ([string]$present.Guid) -Other $Guid }
        else { @($Name | Where-Object { Test-SameName -One ([string]$present.Name) -Other $_ }).Count -gt 0 }
    })
    if ($found.Count -gt 1) { throw ($say.Several -f $found.Count, $Noun, (Format-Shown -Text ($Name -join ', '))) }
    if ($found.Count -eq 1 -and -not [string]$found[0].Guid) { throw ($say.NoGuid -f (Format-Shown -Text $Name[0])) }
    if ($found.Count -eq 1) { return $found[0] }
}

function ConvertTo-Comparable {
    # a value in the form that is compared; empty for what is not set, or is as it is of itself
    param([string]$Property, [object]$Value)
    $texts = @(foreach ($item in @($Value)) {
        if ($null -eq $item -or ($item -is [bool] -and -not $item)) { continue }
        if ($item -is [DateTime]) {
            $item = $item.ToUniversalTime().ToString('yyyy-MM-ddTHH:mm:ssZ', [Globalization.CultureInfo]::InvariantCulture)
        }
        $text = [string]$item
        if ($exact -contains $Property) {
            $text = $text.Replace([string][char]13 + $lineFeed, $lineFeed)
        } else {
            $text = $text.Trim().ToLowerInvariant()
            if ($Property -eq 'SenderDomains') { $text = ($text -replace '^smtp:', '' -replace ';.*$', '').Trim() }
            if ($Property -eq 'SmartHosts') { $text = $text -replace '^\[', '' -replace '\]$', '' }
            if ($Property -eq 'ConnectorSource' -and $text -eq 'adminui') { $text = 'default' }
        }
        if ($text -ne '') { $text }
    })
    [string[]]$sorted = @($texts | Select-Object -Unique)
    [Array]::Sort($sorted, [StringComparer]::Ordinal)
    if ($sorted.Count -eq 1 -and $ofItself.ContainsKey($Property) -and $sorted[0] -eq $ofItself[$Property]) { return '' }
    return ($sorted -join $lineFeed)
}

function Test-SameValue {
    param([string]$Property, [object]$One, [object]$Other)
    $first = ConvertTo-Comparable -Property $Property -Value $One
    $second = ConvertTo-Comparable -Property $Property -Value $Other
    return [string]::Equals($first, $second, [StringComparison]::Ordinal)
}

function Get-Difference {
    # the names of the properties in which an object is not as wanted; what is not said of a rule must not be set
    param([string]$Noun, [hashtable]$Wanted, [object]$Found)
    $isRule = $Noun -eq 'TransportRule'
    $names = @($Wanted.Keys)
    if ($isRule) {
        $names += @($Found.PSObject.Properties | ForEach-Object { $_.Name } | Where-Object { $_ -notlike '*@*' })
        $names = @($names | Where-Object { $readOnly -notcontains $_ })
    }
    foreach ($name in @($names | Where-Object { $notCompared -notcontains $_ } | Sort-Object -Unique)) {
        $property = $Found.PSObject.Properties[$name]
        if ($null -eq $property) {
            if (-not $isRule -or -not (Test-SameValue -Property $name -One $Wanted[$name] -Other $null)) { $name }
        } elseif (-not (Test-SameValue -Property $name -One $Wanted[$name] -Other $property.Value)) {
            $name
        }
    }
}

function Get-Due {
    # nothing, whole, or rest: what New- could not take. Stops where it is neither as before nor as after
    param(
        [string]$Step, [string]$Noun, [object]$Found, [object]$Before, [object]$After,
        [object[]]$Later, [bool]$LaterGone, [string[]]$Afterwards
    )
    if ($null -eq $Found) {
        if ($null -eq $After -or ($LaterGone -and $null -ne $Before)) { return (Skip-Step -Step $Step) }
        if ($null -eq $Before) { return 'whole' }
        return (Deny-Step -Step $Step -Why $say.Gone)
    }
    if ($null -eq $After) {
        $strange = @(Get-Difference -Noun $Noun -Wanted $Before -Found $Found)
        if ($strange.Count -eq 0) { return 'whole' }
        return (Deny-Step -Step $Step -Why ($say.Differs -f ($strange -join ', ')))
    }
    $wrong = @(Get-Difference -Noun $Noun -Wanted $After -Found $Found)
    if ($wrong.Count -eq 0) { return (Skip-Step -Step $Step) }
    foreach ($changes in @($Later)) {
        $whole = $After.Clone()
        foreach ($name in @($changes.Keys)) { $whole[$name] = $changes[$name] }
        if (@(Get-Difference -Noun $Noun -Wanted $whole -Found $Found).Count -eq 0) { return (Skip-Step -Step $Step) }
    }
    if ($null -eq $Before) {
        $strange = @($wrong | Where-Object { $Afterwards -notcontains $_ })
        if ($strange.Count -eq 0) { return 'rest' }
        return (Deny-Step -Step $Step -Why ($say.Taken -f ($strange -join ', ')))
    }
    # what is not as after must still be as before
    $strange = @($wrong | Where-Object {
        $property = $Found.PSObject.Properties[$_]
        $null -eq $property -or -not (Test-SameValue -Property $_ -One $Before[$_] -Other $property.Value)
    })
    if ($strange.Count -eq 0) { return 'whole' }
    return (Deny-Step -Step $Step -Why ($say.Differs -f ($strange -join ', ')))
}

function Skip-Step {
    param([string]$Step)
    Write-Host ($say.Already -f $Step)
    return 'nothing'
}

function Deny-Step {
    # under -WhatIf the steps before were not carried out, so that it may be no fault at all
    param([string]$Step, [string]$Why)
    if (-not $WhatIfPreference) { throw ($say.Denied -f $Step, $Why) }
    Write-Warning ($say.Later -f $Step, $Why)
    return 'nothing'
}

function Confirm-Step {
    param([System.Management.Automation.PSCmdlet]$Cmdlet, [string]$Step, [string]$Target, [string]$Action)
    if ($Cmdlet.ShouldProcess($Target, $Action)) { return $true }
    if (-not $WhatIfPreference) { throw ($say.Declined -f $Step) }
    return $false
}

function Wait-PlanObject {
    # a new object may not show at once
    param([string]$Step, [string]$Noun, [string[]]$Name)
    for ($try = 0; $try -lt 12; $try++) {
        if ($try -gt 0) { Start-Sleep -Seconds 5 }
        $found = Find-PlanObject -Noun $Noun -Guid '' -Name $Name
        if ($null -ne $found) { return $found }
    }
    throw ($say.Unproven -f $Step)
}

function Assert-Done {
    # reads again until it is as after
    param([string]$Step, [string]$Noun, [string]$Guid, [string[]]$Name, [object]$After)
    for ($try = 0; $try -lt 12; $try++) {
        if ($try -gt 0) { Start-Sleep -Seconds 5 }
        $found = Find-PlanObject -Noun $Noun -Guid $Guid -Name $Name
        $proven = if ($null -eq $After) { $null -eq $found }
        else { $null -ne $found -and @(Get-Difference -Noun $Noun -Wanted $After -Found $found).Count -eq 0 }
        if ($proven) {
            Write-Host ($say.Done -f $Step)
            return
        }
    }
    throw ($say.Unproven -f $Step)
}

function Wait-ForPerson {
    # stops until somebody says that the step is done
    param([string]$Step, [string[]]$Text)
    foreach ($line in $Text) { Write-Host $line }
    if ($WhatIfPreference) { return }
    if ($SkipPause -contains $Step) {
        Write-Host ($say.Skipped -f $Step)
        return
    }
    $answer = Read-Host -Prompt ($say.Ask -f $Step)
    if (-not [string]::Equals($answer.Trim(), $Step, [StringComparison]::Ordinal)) { throw ($say.Stopped -f $Step) }
}

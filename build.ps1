#!/usr/bin/env pwsh
<#
.SYNOPSIS
    The repository's chores by one name each; every one is a dotnet command that can be run without this script as well.
.EXAMPLE
    ./build.ps1 test
.EXAMPLE
    ./build.ps1 run run src/ActorFlow.Samples/source-census.yaml
#>
[CmdletBinding()]
param(
    [Parameter(Position = 0)]
    [ValidateSet('build', 'test', 'format', 'pack', 'perf', 'run')]
    [string] $Target = 'build',

    [ValidateSet('Debug', 'Release')]
    [string] $Configuration = 'Release',

    # Use what the last build left.
    [switch] $NoBuild,

    # Handed on to dotnet, or to the program that it runs.
    [Parameter(Position = 1, ValueFromRemainingArguments)]
    [string[]] $Arguments = @()
)

Set-StrictMode -Version Latest
$ErrorActionPreference = 'Stop'

$solution = [IO.Path]::Combine($PSScriptRoot, 'ActorFlow.sln')
$artifacts = [IO.Path]::Combine($PSScriptRoot, 'artifacts')
$results = [IO.Path]::Combine($artifacts, 'test-results')
$build = @('-c', $Configuration)
if ($NoBuild) { $build += '--no-build' }

function Invoke-DotNet {
    & dotnet @args
    if ($LASTEXITCODE -ne 0) { throw "dotnet $($args[0]) ended with exit code $LASTEXITCODE" }
}

function Get-TestTotal {
    $total = @{ passed = 0; failed = 0; notExecuted = 0 }
    foreach ($file in [IO.Directory]::GetFiles($results, '*.trx')) {
        $counters = ([xml] [IO.File]::ReadAllText($file)).TestRun.ResultSummary.Counters
        $total.passed += [int] $counters.passed
        $total.failed += [int] $counters.failed
        $total.notExecuted += [int] $counters.total - [int] $counters.executed
    }
    "Total: $($total.passed) passed, $($total.failed) failed, $($total.notExecuted) skipped"
}

switch ($Target) {
    'build' { Invoke-DotNet build $solution --nologo @build @Arguments }
    'test' {
        if ([IO.Directory]::Exists($results)) { [IO.Directory]::Delete($results, $true) }
        [void] [IO.Directory]::CreateDirectory($results)
        try { Invoke-DotNet test $solution --nologo --logger trx --results-directory $results @build @Arguments }
        finally { Get-TestTotal }
    }
    'format' { Invoke-DotNet format $solution @Arguments }
    'pack' { Invoke-DotNet pack $solution --nologo --output $artifacts @build @Arguments }
    'perf' { Invoke-DotNet run --project ([IO.Path]::Combine($PSScriptRoot, 'perf', 'ActorFlow.Perf')) @build '--' @Arguments }
    'run' { Invoke-DotNet run --project ([IO.Path]::Combine($PSScriptRoot, 'src', 'ActorFlow.Shell')) @build '--' @Arguments }
}

# Completion of partner-tokens-cli for PowerShell; printed by: partner-tokens-cli completion powershell

Register-ArgumentCompleter -Native -CommandName partner-tokens-cli -ScriptBlock {
    param($wordToComplete, $commandAst, $cursorPosition)
    $name, $words = @(
        $commandAst.CommandElements |
            Where-Object { $_.Extent.StartOffset -lt $cursorPosition } |
            ForEach-Object { if ($_.Value -is [string]) { $_.Value } else { $_.Extent.Text } }
    )
    $words = @($words)
    if ($wordToComplete) { $words = @($words | Select-Object -SkipLast 1) }
    $current = $wordToComplete.Trim("'", '"')
    $encoding = [Console]::OutputEncoding
    try {
        [Console]::OutputEncoding = [System.Text.Encoding]::UTF8
        $lines = @(& $name __complete powershell @words "=$current" 2>$null)
    } finally {
        [Console]::OutputEncoding = $encoding
    }
    $lines | Select-Object -Skip 1 | ForEach-Object {
        $value, $about = $_ -split "`t", 2
        $text = $value
        if ($value -notmatch '^[\w./:=+-]+$') {
            $text = "'" + ($value -replace "(['\u2018\u2019\u201a\u201b])", '$1$1') + "'"
        }
        if (-not $about) { $about = $value }
        [System.Management.Automation.CompletionResult]::new($text, $value, 'ParameterValue', $about)
    }
}

/**
 * How the last command ended. `$LASTEXITCODE` is of the last program and stays as it was when a cmdlet is run: it counts only where the command failed (`$?`) and
 * the newest error isn't that command's own. What failed without a number is 1.
 */
const ENDED = [
  'if ($worked) { $code = 0 }',
  'elseif (-not $code -or ($global:Error.Count -and $global:Error[0].InvocationInfo.HistoryId -eq $entry.Id)) { $code = 1 }',
].join(' ')

/** The command on one line, short enough for a mark, its quotes as a Unix shell would write them. */
const QUOTED = String.raw`$text = $entry.CommandLine -replace '[\x00-\x1f\x7f-\x9f]', ' ' -replace '^(.{300}).*', '$1' -replace '''', '''\'''''`

const MARK = `$mark = '{0}]697;{1};''0  {2}''{3}' -f [char]27, $code, $text, [char]7`

const PROMPT = [
  // First of all: every statement changes it.
  '$worked = $?',
  'Set-StrictMode -Off',
  '$code = $global:LASTEXITCODE',
  '$entry = Get-History -Count 1',
  '$id = if ($entry) { $entry.Id } else { 0 }',
  `$mark = ''`,
  // Enter on an empty line runs nothing, and at the first prompt nothing was run.
  `if ($null -ne $global:__handholdLast -and $entry -and $id -ne $global:__handholdLast) { ${[ENDED, QUOTED, MARK].join('; ')} }`,
  '$global:__handholdLast = $id',
  // The prompt that was there may show it.
  `if (-not $worked) { Write-Error 'failed' -ErrorAction Ignore }`,
  '$shown = & $global:__handholdPrompt',
  `$mark + ($shown -join '')`,
].join('; ')

/**
 * Run by PowerShell after anybody's own profile: its prompt says, in a sequence that terminals ignore, how the last command ended and what it was, and then what it
 * always said. One argument without a double quote, which every reader of a Windows command line takes the same way; only operators and cmdlets, which a constrained
 * PowerShell has too.
 */
export const POWERSHELL_HOOK = `$global:__handholdPrompt = $function:prompt; function global:prompt { ${PROMPT} }`

import { z } from 'zod'
import { toDisplayLine } from '#protocol/text.ts'
import { runProgram } from '../../services/run-program.ts'

/** Nothing of anybody's stands in it: the key is in its environment. */
const QUERY = [
  "$ErrorActionPreference = 'Stop'",
  '[Console]::OutputEncoding = [Text.Encoding]::UTF8',
  "$acl = Get-Acl -LiteralPath ('Registry::' + $env:HANDHOLD_KEY)",
  'ConvertTo-Json -Compress -InputObject @{ owner = $acl.Owner; entries = @($acl.Access | ForEach-Object { @{' +
    'who = $_.IdentityReference.Value; may = [string]$_.RegistryRights; kind = [string]$_.AccessControlType;' +
    'inherited = $_.IsInherited } }) }',
].join('; ')
const ENTRIES_MAX = 59

const aclSchema = z.object({
  owner: z.string(),
  entries: z.array(z.object({ who: z.string(), may: z.string(), kind: z.string(), inherited: z.boolean() })),
})

/** Who owns a key, then who may do what with it, as Windows keeps it; one a line. */
export function parseAccess(text: string): string[] {
  const { owner, entries } = aclSchema.parse(JSON.parse(text.replace(/^\uFEFF/, '')))
  const lines = entries.map(
    ({ who, may, kind, inherited }) =>
      `${who} ${kind === 'Deny' ? 'may not' : 'may'}: ${may}${inherited ? ' (inherited)' : ''}`,
  )
  return [`Owner: ${owner}`, ...lines.slice(0, ENTRIES_MAX)].map(line => toDisplayLine(line, 200))
}

/** By Windows' own PowerShell; nothing where it doesn't say. */
export async function readAccess(path: string, root = process.env.SystemRoot ?? 'C:\\Windows'): Promise<string[]> {
  const system = `${root}\\System32`
  const shell = `${system}\\WindowsPowerShell\\v1.0\\powershell.exe`
  const environment = { SystemRoot: root, Path: system, HANDHOLD_KEY: path }
  try {
    return parseAccess(
      await runProgram(shell, ['-NoLogo', '-NoProfile', '-NonInteractive', '-Command', QUERY], environment),
    )
  } catch {
    return []
  }
}

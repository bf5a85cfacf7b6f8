import './small-memory.ts'

import { type ParseArgsOptionsConfig, parseArgs } from 'node:util'
import { exportAudit, showAuditKey, verifyAuditCommand } from './cli/audit.ts'
import { backup, restore } from './cli/backup.ts'
import type { Command } from './cli/command.ts'
import { createEnrolToken, listEnrolTokens, revokeEnrolToken } from './cli/enrol-token.ts'
import { fail } from './cli/fail.ts'
import { helpOf, overview } from './cli/help.ts'
import { listKeys, rotateKeys } from './cli/keys.ts'
import { createOrganisation, inviteAdministrator, listOrganisations } from './cli/organisation.ts'
import { applyPolicy, explainPolicy, exportPolicy } from './cli/policy.ts'
import { serve } from './cli/serve.ts'
import { StartError } from './start-error.ts'
import { RELAY_VERSION } from './version.ts'

/** Every verb. The first is what happens without one. */
const COMMANDS: readonly Command[] = [
  serve,
  createOrganisation,
  listOrganisations,
  inviteAdministrator,
  exportPolicy,
  applyPolicy,
  explainPolicy,
  createEnrolToken,
  listEnrolTokens,
  revokeEnrolToken,
  backup,
  restore,
  verifyAuditCommand,
  exportAudit,
  showAuditKey,
  listKeys,
  rotateKeys,
]

const COMMON_OPTIONS = {
  config: { type: 'string' },
  help: { type: 'boolean' },
  version: { type: 'boolean' },
} as const satisfies ParseArgsOptionsConfig

async function main(args: readonly string[]): Promise<void> {
  const command = commandOf(args)
  const { values, positionals } = readArguments(args, command?.options ?? {})
  if (values.version) return void process.stdout.write(`${RELAY_VERSION}\n`)
  if (values.help || positionals[0] === 'help') return void process.stdout.write(helpFor(positionals, command))
  if (!command) throw new StartError(`There is no command "${positionals.join(' ')}". See handhold-relay --help.`)
  const rest = positionals.slice(isNamed(positionals, command) ? command.name.split(' ').length : 0)
  if (rest.length < command.positionals.min || rest.length > command.positionals.max)
    throw new StartError(`It is "${`handhold-relay ${command.name} ${command.usage}`.trim()}". See --help.`)
  const configFile = typeof values.config === 'string' ? values.config : undefined
  await command.run({ positionals: rest, values, configFile, env: process.env })
}

/** By its words, wherever options stand between them; without any word it is the first. */
function commandOf(args: readonly string[]): Command | undefined {
  const { positionals } = parseArgs({ args: [...args], strict: false, allowPositionals: true, options: COMMON_OPTIONS })
  return positionals.length === 0 ? COMMANDS[0] : COMMANDS.find(command => isNamed(positionals, command))
}

const isNamed = (words: readonly string[], { name }: Command): boolean =>
  name.split(' ').every((word, index) => words[index] === word)

function helpFor(positionals: readonly string[], command: Command | undefined): string {
  const words = positionals[0] === 'help' ? positionals.slice(1) : positionals
  const named = command && words.length > 0 ? command : COMMANDS.find(one => words.length > 0 && isNamed(words, one))
  return named ? helpOf(named) : overview(COMMANDS)
}

function readArguments(args: readonly string[], options: ParseArgsOptionsConfig) {
  try {
    const { values, positionals } = parseArgs({
      args: [...args],
      allowPositionals: true,
      options: { ...options, ...COMMON_OPTIONS },
    })
    // No option may be given twice, so none is a list.
    const single = Object.entries(values).filter(
      (entry): entry is [string, string | boolean] => !Array.isArray(entry[1]),
    )
    return { values: Object.fromEntries(single), positionals }
  } catch (thrown) {
    throw new StartError(`${thrown instanceof Error ? thrown.message : 'Bad arguments'}. See handhold-relay --help.`)
  }
}

main(process.argv.slice(2)).catch(fail)

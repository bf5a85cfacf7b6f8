import { RELAY_VERSION } from '../version.ts'
import type { Command } from './command.ts'
import { SETTINGS_HELP } from './serve.ts'

const COMMON = '--config FILE, --help and --version go with every verb.'

export const overview = (commands: readonly Command[]): string => {
  const lines = commands.map(
    ({ name, usage, summary }) => `  ${`handhold-relay ${name} ${usage}`.trim().padEnd(58)} ${summary}`,
  )
  return `handhold-relay ${RELAY_VERSION}\n\n${lines.join('\n')}\n\n${COMMON}\n\n${SETTINGS_HELP}\n`
}

export const helpOf = ({ name, usage, summary, help }: Command): string =>
  `${`handhold-relay ${name} ${usage}`.trim()}\n\n${summary}\n\n${help}\n\n${COMMON}\n`

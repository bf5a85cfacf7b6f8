import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

const dist = fileURLToPath(new URL('../../dist/', import.meta.url))

/** The built programs, as they ship. */
export function builtProgram(
  path: 'relay/relay.js' | 'agent/service.js' | 'main/operator.js' | 'main/consent.js',
): string {
  const file = `${dist}${path}`
  if (!existsSync(file)) throw new Error(`${file} is missing: run "npm run build" first`)
  return file
}

/** Environment of a program that must not take settings from the one that starts it. */
export function cleanEnvironment(own: Readonly<Record<string, string>>): Record<string, string | undefined> {
  const handholdNames = Object.keys(process.env).filter(name => name.startsWith('HANDHOLD_'))
  return { ...Object.fromEntries(handholdNames.map(name => [name, undefined])), NODE_OPTIONS: undefined, ...own }
}

import { BOOTSTRAP_SECRET_ENV, CONFIG_FILE_ENV, METRICS_TOKEN_ENV, SETTINGS } from '../config/config.ts'
import { loadConfig } from '../config/load.ts'
import type { Relay } from '../server.ts'
import type { Command } from './command.ts'
import { fail } from './fail.ts'

const CLOSE_WITHIN_MS = 10_000

/** How every setting is written; the other verbs read the same ones to find the database. */
export const SETTINGS_HELP = `Settings, as environment variables or as keys of the JSON file (dots are nested objects), with examples; the environment wins:
${Object.entries(SETTINGS)
  .map(([key, { env, help, example }]) => `  ${env.padEnd(36)} ${key.padEnd(17)} ${help}, e.g. ${example}`)
  .join('\n')}
  ${BOOTSTRAP_SECRET_ENV.padEnd(36)} ${'-'.padEnd(17)} One-time secret for the first administrator
  ${METRICS_TOKEN_ENV.padEnd(36)} ${'-'.padEnd(17)} Reads /metrics; without it only this machine does
  ${CONFIG_FILE_ENV.padEnd(36)} ${'-'.padEnd(17)} Same as --config`

export const serve: Command = {
  name: 'serve',
  usage: '',
  summary: 'start the relay; what happens without a verb too',
  help: `Runs until SIGTERM or SIGINT.\n\n${SETTINGS_HELP}`,
  options: {},
  positionals: { min: 0, max: 0 },
  async run({ env, configFile }) {
    const { config, secrets } = loadConfig(env, configFile)
    // Loaded here: the other verbs and every help would wait for what only a server needs.
    const { startRelay } = await import('../server.ts')
    const relay = await startRelay(config, secrets)
    stopOnSignals(relay)
    process.send?.({ ready: relay.url })
  },
}

function stopOnSignals(relay: Relay): void {
  const stop = () => {
    // A close that hangs must not keep a service manager waiting.
    setTimeout(() => process.exit(1), CLOSE_WITHIN_MS).unref()
    relay.close().then(
      () => process.exit(0),
      error => fail(error),
    )
  }
  process.once('SIGTERM', stop)
  process.once('SIGINT', stop)
}

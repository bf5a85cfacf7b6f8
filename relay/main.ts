import { parseArgs } from 'node:util'
import { BOOTSTRAP_SECRET_ENV, CONFIG_FILE_ENV, SETTINGS } from './config/config.ts'
import { ConfigError, loadConfig } from './config/load.ts'
import { type Relay, startRelay } from './server.ts'
import { StartError } from './start-error.ts'
import { RELAY_VERSION } from './version.ts'

const CLOSE_WITHIN_MS = 10_000

const HELP = `handhold-relay ${RELAY_VERSION}

  handhold-relay [serve] [--config FILE]   start the relay
  handhold-relay --help | --version

Settings, as environment variables or as keys of the JSON file (dots are nested objects); the environment wins:
${Object.entries(SETTINGS)
  .map(([key, { env, help, example }]) => `  ${env.padEnd(36)} ${key.padEnd(17)} ${help} (${example})`)
  .join('\n')}
  ${BOOTSTRAP_SECRET_ENV.padEnd(36)} ${'-'.padEnd(17)} One-time secret for the first administrator
  ${CONFIG_FILE_ENV.padEnd(36)} ${'-'.padEnd(17)} Same as --config
`

async function main(args: string[]): Promise<void> {
  const { values, positionals } = readArguments(args)
  if (values.help) return void process.stdout.write(HELP)
  if (values.version) return void process.stdout.write(`${RELAY_VERSION}\n`)
  const [command = 'serve'] = positionals
  if (command !== 'serve') throw new StartError(`There is no command "${command}". See handhold-relay --help.`)
  const { config, secrets } = loadConfig(process.env, values.config)
  const relay = await startRelay(config, secrets)
  stopOnSignals(relay)
  process.send?.({ ready: relay.url })
}

function readArguments(args: string[]) {
  try {
    return parseArgs({
      args,
      allowPositionals: true,
      options: { config: { type: 'string' }, help: { type: 'boolean' }, version: { type: 'boolean' } },
    })
  } catch (thrown) {
    throw new StartError(`${thrown instanceof Error ? thrown.message : 'Bad arguments'}. See handhold-relay --help.`)
  }
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

function fail(thrown: unknown): never {
  const isExpected = thrown instanceof ConfigError || thrown instanceof StartError
  process.stderr.write(
    `handhold-relay: ${isExpected ? thrown.message : thrown instanceof Error ? thrown.stack : thrown}\n`,
  )
  process.exit(1)
}

main(process.argv.slice(2)).catch(fail)

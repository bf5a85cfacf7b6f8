import { HandholdError } from '#protocol/errors.ts'
import { ConfigError } from '../config/load.ts'
import { StartError } from '../start-error.ts'

/** The end of a verb that can't be done: what is meant for people as one line, a fault of the program with its stack. */
export function fail(thrown: unknown): never {
  const isExpected = thrown instanceof ConfigError || thrown instanceof StartError || thrown instanceof HandholdError
  process.stderr.write(
    `handhold-relay: ${isExpected ? thrown.message : thrown instanceof Error ? thrown.stack : thrown}\n`,
  )
  process.exit(1)
}

import type { ParseArgsOptionsConfig } from 'node:util'

export interface CommandInput {
  readonly positionals: readonly string[]
  readonly values: Readonly<Record<string, string | boolean | undefined>>
  readonly configFile: string | undefined
  readonly env: Readonly<Record<string, string | undefined>>
}

/** One verb of `handhold-relay`. */
export interface Command {
  /** As typed: `serve`, `policy apply`. */
  readonly name: string
  /** What follows the name, in capitals where it is to be replaced. */
  readonly usage: string
  /** One line, for the list of verbs. */
  readonly summary: string
  /** The rest of its own help. */
  readonly help: string
  /** Besides `--config`, `--help` and `--version`, which every verb has. */
  readonly options: ParseArgsOptionsConfig
  readonly positionals: { readonly min: number; readonly max: number }
  /** Resolves when the verb is done or, for a server, when it runs. Throws `StartError` with one line that says what to do. */
  run(input: CommandInput): Promise<void>
}

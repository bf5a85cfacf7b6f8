import { existsSync } from 'node:fs'
import { userInfo } from 'node:os'
import { join, resolve } from 'node:path'
import type { OrganisationView } from '#protocol/wire/views.ts'
import { loadConfig } from '../config/load.ts'
import { PolicyChanges } from '../domain/policy/changes.ts'
import { PolicyFiles } from '../domain/policy/file/policy-file.ts'
import { Policies } from '../domain/policy/policies.ts'
import { nodeChance } from '../keys/node-chance.ts'
import { StartError } from '../start-error.ts'
import { SqliteStore } from '../store/store.ts'
import { systemClock } from '../system-clock.ts'
import type { CommandInput } from './command.ts'

export interface OpenStore {
  readonly store: SqliteStore
  /** Where people reach the relay. */
  readonly publicUrl: string
}

export interface OpenPolicy extends OpenStore {
  readonly policies: Policies
  readonly files: PolicyFiles
  readonly organisation: OrganisationView
  readonly author: { kind: 'console'; organisationId: string; actor: { kind: 'console'; account: string } }
}

/** Whoever types the command, as the audit names them. */
export const consoleActor = () => ({ kind: 'console' as const, account: userInfo().username })

/** The database itself; the relay may run meanwhile. */
export async function withStore(input: CommandInput, work: (open: OpenStore) => Promise<void>): Promise<void> {
  const { config } = loadConfig(input.env, input.configFile)
  const file = join(resolve(config.dataDir), 'relay.db')
  if (!existsSync(file))
    throw new StartError(`There is no database ${file}. Set HANDHOLD_RELAY_DATA_DIR or --config as for the relay.`)
  const store = StartError.guard(`The database ${file} can't be opened`, () => new SqliteStore(file))
  try {
    const { publicUrl, tls, host, port } = config
    await work({ store, publicUrl: publicUrl ?? `${tls ? 'https' : 'http'}://${host}:${port}` })
  } finally {
    await store.close()
  }
}

/** The policy of one organisation, straight from the database: the relay may run meanwhile, and follows within a second. */
export function withPolicy(input: CommandInput, work: (policy: OpenPolicy) => Promise<void>): Promise<void> {
  return withStore(input, async open => {
    const { store } = open
    const organisation = choose(await store.read.policy.organisations(), input.values.organisation)
    const policies = new Policies(store)
    const changes = new PolicyChanges({ store, clock: systemClock, policies, settle: async () => undefined })
    const files = new PolicyFiles({ store, chance: nodeChance, policies, changes })
    const author = { kind: 'console' as const, organisationId: organisation.id, actor: consoleActor() }
    await work({ ...open, policies, files, organisation, author })
  })
}

function choose(organisations: readonly OrganisationView[], wanted: string | boolean | undefined): OrganisationView {
  const fitting = organisations.filter(({ id, name }) => wanted === undefined || id === wanted || name === wanted)
  const [only] = fitting
  if (only && fitting.length === 1) return only
  if (organisations.length === 0) throw new StartError('There is no organisation yet: make its first administrator.')
  const names = organisations.map(({ id, name }) => `"${name}" (${id})`).join(', ')
  throw new StartError(`Name one organisation with --organisation: ${names}.`)
}

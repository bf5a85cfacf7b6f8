import { ConfigError, KEYS, type Key, problem, type Values } from './keys.ts'

/** Where configuration comes from. A managed one is an administrator's: only they can write it. */
export interface Source {
  /** For messages: a path, a registry key. Undefined for the environment, whose names say it. */
  readonly where?: string | undefined
  readonly isManaged: boolean
  readonly values: Readonly<Record<string, unknown>>
}

/** A source's values, checked; `server`, `port`, `tls` and `token` have become `relayUrl` and `enrolmentToken`. Throws `ConfigError`. */
function checkSource({ where, values }: Source): Values {
  const checked: Record<string, unknown> = {}
  for (const [name, raw] of Object.entries(values)) {
    if (!Object.hasOwn(KEYS, name)) throw unknownKey(name, where)
    const key = name as Key
    const parsed = KEYS[key].schema.safeParse(raw)
    if (!parsed.success) throw problem(key, parsed.error.issues[0]?.message ?? 'is not valid', where)
    checked[key] = parsed.data
  }
  return withoutAliases(checked, where)
}

function withoutAliases(values: Values, where: string | undefined): Values {
  const { server, port, tls, token, ...rest } = values
  if (server !== undefined && rest.relayUrl !== undefined) throw problem('server', 'is set beside relayUrl', where)
  if (token !== undefined && rest.enrolmentToken !== undefined)
    throw problem('token', 'is set beside enrolmentToken', where)
  if (server === undefined && (port !== undefined || tls !== undefined))
    throw problem('server', 'is missing, though port or tls is set', where)
  const address = server === undefined ? rest.relayUrl : addressOf(server, port, tls ?? true)
  return { ...rest, relayUrl: address, enrolmentToken: token ?? rest.enrolmentToken }
}

const addressOf = (server: string, port: number | undefined, tls: boolean): string =>
  new URL(`${tls ? 'https' : 'http'}://${server}${port === undefined ? '' : `:${port}`}`).origin

/** One value for each key. `sources` are the strongest first, except for what the managed ones leave to the person. */
export function mergeSources(sources: readonly Source[]): Values {
  const checked = sources.map(source => ({ isManaged: source.isManaged, values: checkSource(source) }))
  const managed = checked.filter(({ isManaged }) => isManaged)
  const own = checked.filter(({ isManaged }) => !isManaged)
  const left = new Set<string>(managed.find(({ values }) => values.personMaySwitch)?.values.personMaySwitch ?? [])
  const merged: Record<string, unknown> = {}
  for (const key of Object.keys(KEYS)) {
    const order = left.has(key) ? [...own, ...managed] : checked
    merged[key] = order.map(({ values }) => values[key as Key]).find(value => value !== undefined)
  }
  return merged
}

const unknownKey = (name: string, where: string | undefined) =>
  new ConfigError(
    `${name}: is no key of the configuration${where ? ` (${where})` : ''}. Keys are ${Object.keys(KEYS).join(', ')}.`,
  )

import { z } from 'zod'
import { HandholdError } from '#protocol/errors.ts'
import { deviceIdSchema } from '#protocol/ids.ts'
import { type Ed25519PublicJwk, ed25519PublicJwkSchema, thumbprintOf } from '#protocol/keys.ts'
import { displayLine } from '#protocol/text.ts'
import { keyWords } from '#protocol/trust/key-words.ts'
import type { SecretStore } from '../shell/shell.ts'

/** Each device's entry is small; the oldest refusals go first. */
const HISTORY_MAX = 20

const pinSchema = z.object({
  deviceId: deviceIdSchema,
  deviceName: displayLine(64),
  key: ed25519PublicJwkSchema,
  firstSeenAtMs: z.number().int(),
  lastUsedAtMs: z.number().int(),
  /** Keys that somebody offered instead and that were refused. */
  refused: z.array(z.object({ key: ed25519PublicJwkSchema, atMs: z.number().int() })).max(HISTORY_MAX),
})
export type DevicePin = z.infer<typeof pinSchema>

const pinsSchema = z.array(pinSchema)

export interface DevicePins {
  /** All that this app knows of a relay's devices, last used first. */
  list(origin: string): Promise<DevicePin[]>
  /**
   * The key to expect of the device: the one of its first session, whatever is offered now. Throws `identity-changed`, in words that name the expected key
   * and the offered one, when they differ, and remembers that.
   */
  expect(
    origin: string,
    device: { readonly deviceId: string; readonly deviceName: string; readonly deviceKey: Ed25519PublicJwk },
  ): Promise<Ed25519PublicJwk>
}

/** The keys of devices, kept where the operating system keeps secrets, so that nobody else on this computer can exchange one. */
export function setupDevicePins(secrets: SecretStore, nowMs: () => number = Date.now): DevicePins {
  let tail: Promise<unknown> = Promise.resolve()
  const name = (origin: string) => `device-pins:${origin}`

  async function read(origin: string): Promise<DevicePin[]> {
    const text = await secrets.get(name(origin))
    if (text === undefined) return []
    const parsed = pinsSchema.safeParse(parseJson(text))
    if (parsed.success) return parsed.data
    // Starting anew would take any key for a first one.
    throw new HandholdError('identity-changed', 'The list of known devices is damaged. Restore it before you connect.')
  }

  /** One after the other, so that two sessions that begin at once don't overwrite each other's entry. */
  function inTurn<T>(work: () => Promise<T>): Promise<T> {
    const result = tail.then(work)
    tail = result.catch(() => undefined)
    return result
  }

  return {
    list: origin => inTurn(async () => (await read(origin)).sort((one, two) => two.lastUsedAtMs - one.lastUsedAtMs)),

    expect: (origin, { deviceId, deviceName, deviceKey }) =>
      inTurn(async () => {
        const pins = await read(origin)
        const known = pins.find(pin => pin.deviceId === deviceId)
        const isSame = known === undefined || known.key.x === deviceKey.x
        const refused = known?.refused ?? []
        const pin: DevicePin = {
          deviceId,
          deviceName,
          key: known?.key ?? deviceKey,
          firstSeenAtMs: known?.firstSeenAtMs ?? nowMs(),
          lastUsedAtMs: isSame ? nowMs() : (known?.lastUsedAtMs ?? nowMs()),
          refused: isSame ? refused : withRefused(refused, deviceKey, nowMs()),
        }
        await secrets.set(name(origin), JSON.stringify([...pins.filter(other => other !== known), pin]))
        if (!isSame) throw await changed(deviceName, pin.key, deviceKey)
        return pin.key
      }),
  }
}

/** Newest first, each key once. */
const withRefused = (refused: DevicePin['refused'], key: Ed25519PublicJwk, atMs: number): DevicePin['refused'] =>
  [{ key, atMs }, ...refused.filter(other => other.key.x !== key.x)].slice(0, HISTORY_MAX)

async function changed(deviceName: string, expected: Ed25519PublicJwk, offered: Ed25519PublicJwk) {
  const [was, is] = await Promise.all([wordsOf(expected), wordsOf(offered)])
  return new HandholdError(
    'identity-changed',
    `${deviceName} shows another key than before. Expected: ${was}. Offered: ${is}. Don’t connect; ask whoever looks after the device for its own words: “handhold-agent organisation-key” shows them there.`,
  )
}

const wordsOf = async (key: Ed25519PublicJwk): Promise<string> => keyWords(await thumbprintOf(key)).join(' ')

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

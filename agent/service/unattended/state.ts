import { join } from 'node:path'
import { z } from 'zod'
import { deviceIdSchema, sessionIdSchema } from '#protocol/ids.ts'
import { nonceSchema } from '#protocol/keys.ts'
import { OTP_TRIES_PER_DAY } from '#protocol/limits.ts'
import { proofBytesSchema, saltSchema } from '#protocol/unattended/bytes.ts'
import { sessionRequestSchema } from '#protocol/wire/agent.ts'
import { readStateFile, removeStateFile, writeStateFile } from '../state/state-file.ts'
import { stampSchema } from './stamp.ts'

/** A door that is open, or may be opened. It holds nothing that a proof could be made with. */
const armedSchema = z.object({
  request: sessionRequestSchema,
  /** `password`: it waits for its first use. `resume`: it was used, and whoever was in may come back. */
  phase: z.enum(['password', 'resume']),
  /** Of the issue in the first phase; in the second of the last moment in which the operator is known to have been connected. */
  since: stampSchema,
  /** When the password was used. */
  openedAt: stampSchema.nullable(),
  salt: saltSchema,
  storedKey: proofBytesSchema,
  agentNonce: nonceSchema,
})
export type Armed = z.infer<typeof armedSchema>

/** What was taken away at an end that the relay wasn't there to hear of. */
const reportSchema = z.object({ sessionId: sessionIdSchema, removed: z.array(z.string().max(120)).max(20) })
export type TearDownReport = z.infer<typeof reportSchema>

/** A session whose door is shut, and what is still to be done about it. */
const closingSchema = z.object({
  ...reportSchema.shape,
  /** `off` where nobody was ever in. */
  endLock: z.enum(['off', 'lock', 'sign-out']),
  /** When the desktop was locked that is to be signed out after a grace; null before that. */
  signOutSince: stampSchema.nullable(),
  /** False for what an enrolment before this one left: whoever asks for sessions now isn't told of those of before. */
  isReported: z.boolean().default(true),
})
export type Closing = z.infer<typeof closingSchema>

const stateSchema = z.object({
  version: z.literal(1),
  /** Of the enrolment that it is about; another organisation's is another. Null in a file that doesn't say. */
  deviceId: deviceIdSchema.nullable().default(null),
  armed: armedSchema.nullable(),
  closing: closingSchema.nullable().default(null),
  /** Wrong tries of the last 24 hours, oldest first. */
  wrongTries: z.array(stampSchema).max(OTP_TRIES_PER_DAY),
  /** Too many of them: an administrator has to allow unattended sessions again. */
  isOff: z.boolean(),
  unsent: z.array(reportSchema).max(20),
})
export type UnattendedState = z.infer<typeof stateSchema>

const EMPTY: UnattendedState = {
  version: 1,
  deviceId: null,
  armed: null,
  closing: null,
  wrongTries: [],
  isOff: false,
  unsent: [],
}
/** A file that can't be read may have said anything. */
const DAMAGED: UnattendedState = { ...EMPTY, isOff: true }

export const unattendedFile = (stateDir: string): string => join(stateDir, 'unattended.json')

/** What this device remembers of unattended sessions. Changes are written one after another, each before its promise resolves. */
export class StateFile {
  readonly #path: string
  #state: UnattendedState
  #written: Promise<void> = Promise.resolve()

  private constructor(path: string, state: UnattendedState) {
    this.#path = path
    this.#state = state
  }

  static async open(stateDir: string, deviceId: string): Promise<StateFile> {
    const path = unattendedFile(stateDir)
    const text = await readStateFile(path)
    const found = text === undefined ? EMPTY : parse(text)
    const file = new StateFile(path, { ...inheritedBy(deviceId, found), deviceId })
    // What mustn't be told any more isn't kept either; where it can't be written, the next start does it.
    if (isOfAnother(deviceId, found)) await file.change({}).catch(() => undefined)
    return file
  }

  /** Resolves when everything that was changed so far is written; what couldn't be was told to whoever changed it. */
  get settled(): Promise<void> {
    return this.#written
  }

  get now(): UnattendedState {
    return this.#state
  }

  /** Counts at once in this program; durable when it resolves. */
  change(change: Partial<Omit<UnattendedState, 'version' | 'deviceId'>>): Promise<void> {
    this.#state = { ...this.#state, ...change }
    const write = () => this.#write()
    const written = this.#written.then(write, write)
    this.#written = written.catch(() => undefined)
    return written
  }

  /** The newest state, whichever change asked for it: several changes may become one writing. */
  async #write(): Promise<void> {
    const { armed, closing, wrongTries, isOff, unsent } = this.#state
    // A device that never had such a session has no file of one.
    if (!armed && !closing && wrongTries.length + unsent.length === 0 && !isOff) await removeStateFile(this.#path)
    else await writeStateFile(this.#path, JSON.stringify(this.#state))
  }
}

const isOfAnother = (deviceId: string, state: UnattendedState): boolean =>
  state.deviceId !== null && state.deviceId !== deviceId

/** Of an earlier enrolment a session is only taken down, and nobody of this one's hears of it. Wrong tries are the device's, whosever it is. */
function inheritedBy(deviceId: string, state: UnattendedState): UnattendedState {
  if (!isOfAnother(deviceId, state)) return state
  const { armed, closing } = state
  const left = closing ?? (armed && closingOf(armed))
  return { ...state, armed: null, closing: left && { ...left, isReported: false }, unsent: [] }
}

const closingOf = ({ request, openedAt }: Armed): Closing => ({
  sessionId: request.sessionId,
  removed: [],
  endLock: openedAt ? (request.unattended?.endLock ?? 'off') : 'off',
  signOutSince: null,
  isReported: false,
})

function parse(text: string): UnattendedState {
  try {
    return stateSchema.parse(JSON.parse(text))
  } catch {
    return DAMAGED
  }
}

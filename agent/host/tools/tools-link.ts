import type { Socket } from 'node:net'
import { z } from 'zod'
import { CHANNEL_HIGH_WATER_BYTES } from '#protocol/limits.ts'
import type { Scope } from '#protocol/session/scopes.ts'
import { FrameReader, toFrame } from '#protocol/tools/frames.ts'
import { grantSchema } from '#protocol/tools/grant.ts'
import { TOOLS_MESSAGE_MAX_BYTES } from '#protocol/tools/limits.ts'
import type { HelperTools } from '#protocol/tools/messages.ts'
import { levelOf, mayUseTool, type Tool, type ToolLevel, toolSchema } from '#protocol/tools/tools.ts'
import type { Clock } from '../../links/clock.ts'
import type { HostToService } from '../../links/host-link.ts'

const LOW_WATER_BYTES = CHANNEL_HIGH_WATER_BYTES / 4
/** libwebrtc's addon never says that a buffer ran empty, so it is asked. */
const ASK_EVERY_MS = 15
/** What waits for a helper to start. */
const QUEUE_MAX = 8

/** The few members that say where a message goes; everything else is the helper's to read. */
const envelopeSchema = z.object({ type: z.string().max(20), tool: toolSchema, grant: grantSchema.optional() })

export interface ToolsLinkOptions {
  readonly clock: Clock
  readonly scopes: () => readonly Scope[]
  readonly toService: (message: HostToService) => void
  /** Returns false when the channel isn't open. `message` must be all of its buffer. */
  readonly toPeer: (message: Uint8Array) => boolean
  readonly unsentBytes: () => number
}

interface Helper {
  readonly socket: Socket
  /** Passed on since the channel was last asked. */
  passedBytes: number
  cancelAsking?: (() => void) | undefined
}

/**
 * The channel `tools` at the host: checks for each message that the session has the tool that it names, and passes it on to the helper of that level over the
 * descriptor that the service handed over. What comes back is passed on unread, as fast as the channel takes it.
 */
export class ToolsLink {
  readonly #options: ToolsLinkOptions
  readonly #helpers = new Map<ToolLevel, Helper>()
  readonly #queues = new Map<ToolLevel, Uint8Array[]>()
  readonly #stops = new Set<'paused' | 'frozen' | 'closed'>()
  readonly #reported = new Set<string>()

  constructor(options: ToolsLinkOptions) {
    this.#options = options
  }

  /** One message of the operator. */
  handle(message: Uint8Array): void {
    const envelope = message.length <= TOOLS_MESSAGE_MAX_BYTES ? parse(message) : undefined
    if (!envelope) return void this.#refuse(null, 'bad-frame', 'That is no message of this protocol.')
    const { tool, type, grant } = envelope
    if (this.#stops.size > 0) return void this.#refuse(tool, 'forbidden', 'The session takes no commands now.')
    if (!mayUseTool(this.#options.scopes(), tool))
      return void this.#refuse(tool, 'forbidden', 'The person at the device has not agreed to this tool.')
    const level = levelOf(tool)
    const helper = this.#helpers.get(level)
    if (helper) helper.socket.write(toFrame(message))
    else if (type === 'hello')
      this.#tell({ type: 'state', tool, isUnlocked: false, runsAs: '', shells: [], terminals: [] })
    else if (type === 'unlock' && grant !== undefined) this.#start(tool, grant, message)
    else this.#refuse(tool, 'tool-locked', 'This tool isn’t open in this session.')
  }

  takeHelper(level: ToolLevel, socket: Socket): void {
    if (this.#stops.has('closed')) return void socket.destroy()
    this.#helpers.get(level)?.socket.destroy()
    const helper: Helper = { socket, passedBytes: 0 }
    this.#helpers.set(level, helper)
    const reader = new FrameReader()
    socket.on('error', () => undefined)
    socket.on('data', chunk => {
      const messages = reader.push(chunk)
      if (!messages) return void socket.destroy()
      for (const message of messages) this.#options.toPeer(message)
      helper.passedBytes += chunk.length
      this.#flow(helper)
    })
    for (const message of this.#queues.get(level) ?? []) socket.write(toFrame(message))
    this.#queues.delete(level)
  }

  /** Its terminals are gone with it. */
  dropHelper(level: ToolLevel): void {
    const helper = this.#helpers.get(level)
    helper?.cancelAsking?.()
    helper?.socket.destroy()
    this.#helpers.delete(level)
    this.#tell({
      type: 'refused',
      tool: null,
      request: null,
      code: 'helper-gone',
      message: 'The device’s helper ended. Open the tool anew.',
    })
  }

  /** The service's word on a tool that was asked for. */
  refused(tool: Tool, code: string, message: string): void {
    this.#queues.delete(levelOf(tool))
    this.#tell({ type: 'refused', tool, request: null, code, message })
  }

  setPaused(isPaused: boolean): void {
    this.#stop('paused', isPaused)
  }

  setFrozen(isFrozen: boolean): void {
    this.#stop('frozen', isFrozen)
  }

  /** Idempotent. */
  close(): void {
    this.#stops.add('closed')
    for (const { socket, cancelAsking } of this.#helpers.values()) {
      cancelAsking?.()
      socket.destroy()
    }
    this.#helpers.clear()
    this.#queues.clear()
  }

  #start(tool: Tool, grant: string, message: Uint8Array): void {
    const level = levelOf(tool)
    const queue = this.#queues.get(level) ?? []
    if (queue.length >= QUEUE_MAX)
      return void this.#refuse(tool, 'rate-limited', 'The tool is being opened. Wait a moment.')
    queue.push(message)
    this.#queues.set(level, queue)
    this.#options.toService({ type: 'start-tool', tool, grant })
  }

  #stop(why: 'paused' | 'frozen', isOn: boolean): void {
    if (isOn) this.#stops.add(why)
    else this.#stops.delete(why)
  }

  /** Beyond the channel's high-water mark the helper isn't read, and what writes there waits. */
  #flow(helper: Helper): void {
    const { clock, unsentBytes } = this.#options
    if (helper.cancelAsking || helper.passedBytes < LOW_WATER_BYTES) return
    helper.passedBytes = 0
    if (unsentBytes() < CHANNEL_HIGH_WATER_BYTES) return
    helper.socket.pause()
    const ask = () => {
      if (unsentBytes() < LOW_WATER_BYTES) {
        helper.cancelAsking = undefined
        helper.socket.resume()
      } else helper.cancelAsking = clock.setTimer(ask, ASK_EVERY_MS)
    }
    helper.cancelAsking = clock.setTimer(ask, ASK_EVERY_MS)
  }

  #refuse(tool: Tool | null, code: string, message: string): void {
    const kind = `${tool} ${code}`
    if (!this.#reported.has(kind)) this.#options.toService({ type: 'tool-refused', tool, code })
    this.#reported.add(kind)
    this.#tell({ type: 'refused', tool, request: null, code, message })
  }

  #tell(message: HelperTools): void {
    // A buffer of its own: small ones of Node share theirs, and the addon sends all of it.
    this.#options.toPeer(Uint8Array.from(Buffer.from(JSON.stringify(message))))
  }
}

function parse(message: Uint8Array): z.infer<typeof envelopeSchema> | undefined {
  try {
    return envelopeSchema.safeParse(JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(message))).data
  } catch {
    return undefined
  }
}

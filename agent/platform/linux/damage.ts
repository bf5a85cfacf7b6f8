import type { Rect } from '../platform.ts'
import type { XConnection } from './connection.ts'
import { askRaw, xRequest } from './raw-request.ts'

/** What changed since the last call of `take`, in the watched window's coordinates. */
export interface DamageSource {
  take(): Promise<readonly Rect[]>
  close(): void
}

const SUBTRACT = 3
const FETCH_REGION = 19
const RECTANGLE_BYTES = 8
/** Of a FetchRegion's reply: the extents, and what pads them. */
const BEFORE_RECTANGLES_BYTES = 24

/** Watches one window and everything in it. One event comes per batch of changes: after it, nothing is sent until the damage is collected. */
export class DamageWatch implements DamageSource {
  readonly #connection: XConnection
  readonly #stop: () => void
  readonly #requests: Buffer

  /** `requests` are the two that collect the damage. */
  private constructor(connection: XConnection, stop: () => void, requests: Buffer) {
    this.#connection = connection
    this.#stop = stop
    this.#requests = requests
  }

  static async open(connection: XConnection, window: number, onDamage: () => void): Promise<DamageWatch> {
    const [damage, fixes] = await Promise.all([connection.extension('damage'), connection.extension('fixes')])
    const { client } = connection
    const id = client.AllocID()
    const region = client.AllocID()
    const stopListening = connection.onDamage(damage.firstEvent, id, onDamage)
    connection.tell(() => {
      damage.Create(id, window, damage.ReportLevel.NonEmpty)
      fixes.CreateRegion(region, [])
    })
    const stop = () => {
      stopListening()
      connection.tell(() => {
        damage.Destroy(id)
        fixes.DestroyRegion(region)
      })
    }
    return new DamageWatch(connection, stop, collectRequests(damage.majorOpcode, fixes.majorOpcode, id, region))
  }

  /** Moves the damage gathered so far into the region, and reads that. */
  take(): Promise<readonly Rect[]> {
    return askRaw(this.#connection, this.#requests, readRectangles, 2)
  }

  close(): void {
    this.#stop()
  }
}

/** Always the same bytes, and asked for with each frame. */
function collectRequests(damageOpcode: number, fixesOpcode: number, damage: number, region: number): Buffer {
  const noRepair = 0
  const subtract = xRequest(damageOpcode, SUBTRACT, words(damage, noRepair, region))
  return Buffer.concat([subtract, xRequest(fixesOpcode, FETCH_REGION, words(region))])
}

function words(...numbers: readonly number[]): Buffer {
  const bytes = Buffer.alloc(numbers.length * 4)
  numbers.forEach((number, index) => {
    bytes.writeUInt32LE(number, index * 4)
  })
  return bytes
}

function readRectangles(reply: Buffer): Rect[] {
  const rects: Rect[] = []
  for (let at = BEFORE_RECTANGLES_BYTES; at < reply.length; at += RECTANGLE_BYTES)
    rects.push({
      x: reply.readInt16LE(at),
      y: reply.readInt16LE(at + 2),
      width: reply.readUInt16LE(at + 4),
      height: reply.readUInt16LE(at + 6),
    })
  return rects
}

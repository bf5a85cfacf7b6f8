import type { Rect } from '../platform.ts'
import type { XConnection } from './connection.ts'

/** What changed since the last call of `take`, in the watched window's coordinates. */
export interface DamageSource {
  take(): Promise<readonly Rect[]>
  close(): void
}

/** Watches one window and everything in it. One event comes per batch of changes: after it, nothing is sent until the damage is collected. */
export class DamageWatch implements DamageSource {
  readonly #stop: () => void
  readonly #take: () => Promise<readonly Rect[]>

  private constructor(stop: () => void, take: () => Promise<readonly Rect[]>) {
    this.#stop = stop
    this.#take = take
  }

  static async open(connection: XConnection, window: number, onDamage: () => void): Promise<DamageWatch> {
    const [damage, fixes] = await Promise.all([connection.extension('damage'), connection.extension('fixes')])
    const { client } = connection
    const id = client.AllocID()
    const region = client.AllocID()
    const stopListening = connection.onEvent('DamageNotify', event => {
      if (event.damage === id) onDamage()
    })
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
    const take = async () => {
      connection.tell(() => damage.Subtract(id, 0, region))
      const { rectangles } = await connection.ask<{ rectangles: Rect[] }>(answer =>
        fixes.FetchRegion(region, answer as never),
      )
      return rectangles
    }
    return new DamageWatch(stop, take)
  }

  take(): Promise<readonly Rect[]> {
    return this.#take()
  }

  close(): void {
    this.#stop()
  }
}

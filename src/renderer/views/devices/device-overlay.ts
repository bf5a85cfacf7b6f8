import type { DevicesPatch } from '#ipc/operator.ts'
import type { DeviceView } from '#protocol/wire/views.ts'
import type { PageOf } from '../use-pages.ts'

/** No answer of the relay is on its way for longer; what was told before it was asked is in it. */
const NEWER_FOR_MS = 15_000

/** What was told of single devices lately: it is newer than pages that were on their way meanwhile. */
export class DeviceOverlay {
  readonly #nowMs: () => number
  readonly #told = new Map<string, { readonly device: DeviceView | null; readonly atMs: number }>()

  constructor(nowMs: () => number) {
    this.#nowMs = nowMs
  }

  tell({ changed, removed }: DevicesPatch): void {
    const atMs = this.#nowMs()
    // Told anew, told last: what is too old stands first.
    const put = (id: string, device: DeviceView | null) => {
      this.#told.delete(id)
      this.#told.set(id, { device, atMs })
    }
    for (const device of changed) put(device.id, device)
    for (const id of removed) put(id, null)
    for (const [id, told] of this.#told) {
      if (atMs - told.atMs < NEWER_FOR_MS) break
      this.#told.delete(id)
    }
  }

  /** The page as it is now; the same one where nothing of it was told. */
  over(page: PageOf<DeviceView>): PageOf<DeviceView> {
    const from = this.#nowMs() - NEWER_FOR_MS
    let gone = 0
    let isOther = false
    const rows: DeviceView[] = []
    for (const device of page.rows) {
      const told = this.#told.get(device.id)
      const now = told && told.atMs > from ? told.device : device
      if (now !== device) isOther = true
      if (now) rows.push(now)
      else gone++
    }
    if (!isOther) return page
    return { ...page, rows, total: page.total == null ? null : page.total - gone }
  }
}

import type { CryptoKey } from 'jose'
import { liveText, openParts } from './output.ts'

interface Place {
  readonly runId: string
  readonly deviceId: string
}

/** What a script prints while it runs, of the one that is looked at: only what is new is asked for and opened. It holds no more than one output. */
export class LiveOutput {
  #key = ''
  #parts: readonly Uint8Array[] = []

  /** `askFor` gives the sealed parts from this one on. Throws as it does, and `proof-invalid`. */
  async read(
    privateKey: CryptoKey,
    { runId, deviceId }: Place,
    askFor: (from: number) => Promise<readonly string[]>,
  ): Promise<string> {
    const key = `${runId} ${deviceId}`
    const known = this.#key === key ? this.#parts : []
    // The last one may have grown.
    const from = Math.max(0, known.length - 1)
    const parts = [...known.slice(0, from), ...(await openParts(privateKey, runId, deviceId, await askFor(from), from))]
    this.#key = key
    this.#parts = parts
    return liveText(parts)
  }
}

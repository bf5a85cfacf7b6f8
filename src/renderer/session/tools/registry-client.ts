import {
  INLINE_DATA_MAX_BYTES,
  PUT_PART_BYTES,
  type RegistryAnswer,
  type RegistryEdit,
  type RegistryQuery,
} from '#protocol/tools/registry.ts'
import { joinedBytes } from '../joined-bytes.ts'
import type { ToolRefusal, ToolsClient } from './tools-client.ts'

type Of<K extends RegistryAnswer['of']> = Extract<RegistryAnswer, { of: K }>
export type Answer<K extends RegistryAnswer['of']> = Of<K> & { readonly next: number | null }

const ODD: ToolRefusal = { code: 'bad-frame', message: 'The device answered something else than it was asked.' }

/** The registry of the device over the channel `tools`. Rejects with the device's refusal. */
export class RegistryClient {
  readonly #client: ToolsClient

  constructor(client: ToolsClient) {
    this.#client = client
  }

  async ask<K extends RegistryAnswer['of']>(of: K, query: RegistryQuery): Promise<Answer<K>> {
    const reply = await this.#client.request({ type: 'list', tool: 'registry', list: 'registry', query })
    if (reply.type !== 'part' || reply.registry?.of !== of) throw ODD
    return { ...(reply.registry as Of<K>), next: reply.next }
  }

  /** Resolves when it is done, and in the device's journal. */
  async edit(edit: RegistryEdit): Promise<void> {
    await this.#client.request({ type: 'act', tool: 'registry', action: { verb: 'registry', edit } })
  }

  async value(path: string, name: string): Promise<{ type: number; bytes: Uint8Array }> {
    const parts: Uint8Array[] = []
    let type = 0
    for (let offset: number | null = 0; offset !== null; ) {
      const part: Answer<'value'> = await this.ask('value', { ask: 'value', path, name, offset })
      parts.push(fromBase64(part.base64))
      type = part.type
      offset = part.next
    }
    return { type, bytes: joinedBytes(parts) }
  }

  async set(path: string, name: string, type: number, bytes: Uint8Array): Promise<void> {
    const isLong = bytes.length > INLINE_DATA_MAX_BYTES
    if (isLong) await this.#put(bytes)
    const data = isLong ? { type, isPut: true as const } : { type, base64: toBase64(bytes) }
    await this.edit({ do: 'set', path, name, data })
  }

  async import(bytes: Uint8Array): Promise<void> {
    await this.#put(bytes)
    await this.edit({ do: 'import' })
  }

  /** A text that comes in parts; `onPart` gets each. */
  async text(
    first: RegistryQuery,
    next: (offset: number) => RegistryQuery,
    onPart: (text: string) => void | Promise<void>,
  ) {
    let query: RegistryQuery | null = first
    while (query) {
      const part: Answer<'text'> = await this.ask('text', query)
      await onPart(part.text)
      query = part.next === null ? null : next(part.next)
    }
  }

  async #put(bytes: Uint8Array): Promise<void> {
    for (let offset = 0; offset === 0 || offset < bytes.length; offset += PUT_PART_BYTES)
      await this.edit({ do: 'put', offset, base64: toBase64(bytes.subarray(offset, offset + PUT_PART_BYTES)) })
  }
}

function fromBase64(text: string): Uint8Array {
  return Uint8Array.from(atob(text), character => character.charCodeAt(0))
}

const toBase64 = (bytes: Uint8Array): string => btoa(Array.from(bytes, byte => String.fromCharCode(byte)).join(''))

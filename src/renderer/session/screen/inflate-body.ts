import { TILES_BODY_MAX_BYTES } from '#protocol/limits.ts'
import { TilesError } from '#protocol/peer/tiles.ts'
import { joinedBytes } from '../joined-bytes.ts'

/** A frame's commands out of its deflated body. Reading stops where there are more bytes than a body may have: four mebibytes can unfold to four gibibytes. */
export async function inflateBody(
  deflated: Uint8Array<ArrayBuffer>,
  maxBytes = TILES_BODY_MAX_BYTES,
): Promise<Uint8Array<ArrayBuffer>> {
  const stream = new DecompressionStream('deflate-raw')
  const writer = stream.writable.getWriter()
  // What is wrong with the bytes is told by the reading side as well.
  writer.write(deflated).catch(() => undefined)
  writer.close().catch(() => undefined)
  const reader = stream.readable.getReader()
  const chunks: Uint8Array<ArrayBuffer>[] = []
  let length = 0
  try {
    for (let chunk = await reader.read(); !chunk.done; chunk = await reader.read()) {
      length += chunk.value.length
      if (length > maxBytes) throw new TilesError('body-too-large')
      chunks.push(chunk.value)
    }
  } catch (thrown) {
    reader.cancel().catch(() => undefined)
    throw thrown instanceof TilesError ? thrown : new TilesError('bad-deflate', { cause: thrown })
  }
  return joinedBytes(chunks)
}

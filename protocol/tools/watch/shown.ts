import { CompactEncrypt, type CryptoKey, compactDecrypt, importJWK } from 'jose'
import { z } from 'zod'
import { HandholdError } from '../../errors.ts'
import { type SealPublicJwk, sealPublicJwkSchema } from '../../keys.ts'
import { FrameReader, toFrame } from '../frames.ts'
import { type ToolLevel, toolSchema } from '../tools.ts'

const TYP = 'handhold-shown+jwe'
const SEALED_MAX_LENGTH = 15_500
/** The level's place below, and four bytes of sequence. */
const HEAD_BYTES = 5
const LEVELS: readonly ToolLevel[] = ['elevated', 'user']
/** A part of what a second person is shown, for nobody but their app: the relay that carries it can't read it. */
export const shownSchema = z.string().min(1).max(SEALED_MAX_LENGTH)

/** What a helper said to the operator, in frames, with its place in that helper's order. */
export interface ShownPart {
  readonly level: ToolLevel
  readonly sequence: number
  readonly messages: readonly Uint8Array[]
}

export async function sealShown(key: SealPublicJwk, sessionId: string, part: ShownPart): Promise<string> {
  const { kty, crv, x } = sealPublicJwkSchema.parse(key)
  const head = new Uint8Array(HEAD_BYTES)
  head[0] = LEVELS.indexOf(part.level)
  new DataView(head.buffer).setUint32(1, part.sequence)
  const frames = [head, ...part.messages.map(toFrame)]
  const bytes = new Uint8Array(frames.reduce((sum, frame) => sum + frame.length, 0))
  let at = 0
  for (const frame of frames) {
    bytes.set(frame, at)
    at += frame.length
  }
  return new CompactEncrypt(bytes)
    .setProtectedHeader({ alg: 'ECDH-ES', enc: 'A256GCM', typ: TYP, sid: sessionId })
    .encrypt(await importJWK({ kty, crv, x }, 'ECDH-ES'))
}

/** Throws `proof-invalid` for what was not sealed for this key and this session. */
export async function openShown(privateKey: CryptoKey, sealed: string, sessionId: string): Promise<ShownPart> {
  try {
    const { plaintext, protectedHeader } = await compactDecrypt(sealed, privateKey, {
      keyManagementAlgorithms: ['ECDH-ES'],
      contentEncryptionAlgorithms: ['A256GCM'],
    })
    const level = LEVELS[plaintext[0] ?? 0]
    const messages = new FrameReader().push(plaintext.subarray(HEAD_BYTES))
    if (protectedHeader.typ === TYP && protectedHeader.sid === sessionId && level && messages)
      return { level, sequence: new DataView(plaintext.buffer, plaintext.byteOffset).getUint32(1), messages }
  } catch (cause) {
    throw unreadable(cause)
  }
  throw unreadable()
}

const unreadable = (cause?: unknown) =>
  new HandholdError('proof-invalid', 'What the device showed was not sealed for this app.', { cause })

/** Beside the helper's own messages: what a second person is told besides. `from-start`: what follows begins anew. */
export const shownNoteSchema = z.discriminatedUnion('type', [
  z.object({ type: z.literal('from-start') }),
  z.object({ type: z.literal('left-out'), bytes: z.number().int() }),
  z.object({ type: z.literal('did'), tool: toolSchema, text: z.string().max(300) }),
  z.object({ type: z.literal('size'), terminal: z.number().int(), columns: z.number().int(), rows: z.number().int() }),
])
export type ShownNote = z.infer<typeof shownNoteSchema>

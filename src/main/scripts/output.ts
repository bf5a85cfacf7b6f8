import { createHash } from 'node:crypto'
import type { CryptoKey } from 'jose'
import { HandholdError } from '#protocol/errors.ts'
import { thumbprintOf } from '#protocol/keys.ts'
import { type ProofClaims, verifyProof } from '#protocol/proof.ts'
import { openOutput } from '#protocol/scripts/run-output.ts'
import type { RunDevice } from '#protocol/scripts/runs-http.ts'

/** Colours and the like (ECMA-48), which mean something to a terminal only. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: that is what a device may send
const SEQUENCES = /\u001b(?:\[[0-9;:?<=>]*[ -/]*[@-~]|\][^\u0007\u001b]*(?:\u0007|\u001b\\)|[@-Z\\^_])/g
/** Controls, and what hides or reorders text; tabs and line ends stay. */
const DECEPTIVE = /(?![\t\n])[\p{Cc}\p{Cf}\u2028\u2029]/gu

/** Its pieces from this one on, opened. Throws `proof-invalid` where one was sealed for another app, is missing, or was exchanged. */
export const openParts = (
  privateKey: CryptoKey,
  run: string,
  device: string,
  sealed: readonly string[],
  from = 0,
): Promise<Uint8Array[]> =>
  Promise.all(sealed.map((text, index) => openOutput(privateKey, text, { run, device, part: from + index })))

/** What came of it while it runs: nobody has signed for it yet, and its last character may be half of one. */
export const liveText = (parts: readonly Uint8Array[]): string =>
  toPlain(new TextDecoder().decode(Buffer.concat(parts), { stream: true }))

/**
 * What a script printed on a device: opened, and held against the device's own signature over it, where it is over. Throws `proof-invalid` where a part was sealed
 * for another app, is missing, or was exchanged, and `identity-changed` where another key signed than the one that this app knows the device by.
 */
export async function readOutput(
  privateKey: CryptoKey,
  run: string,
  { deviceId, deviceKey, proof }: Pick<RunDevice, 'deviceId' | 'deviceKey' | 'proof'>,
  sealed: readonly string[],
): Promise<{ readonly text: string; readonly isCut: boolean }> {
  const bytes = Buffer.concat(await openParts(privateKey, run, deviceId, sealed))
  const signed = proof === null ? null : await verifyProof('run', proof, await thumbprintOf(deviceKey))
  if (signed && !isOf(signed, run, deviceId, bytes))
    throw new HandholdError(
      'proof-invalid',
      'This isn’t what the device signed: the relay left something out, or changed it.',
    )
  return { text: toPlain(bytes.toString('utf8')), isCut: signed?.isCut ?? false }
}

const isOf = (signed: ProofClaims<'run'>, runId: string, deviceId: string, bytes: Buffer): boolean =>
  signed.runId === runId &&
  signed.deviceId === deviceId &&
  signed.outputDigest === createHash('sha256').update(bytes).digest('base64url')

/** As text that says no more than it shows. What a program writes over its own line, as a progress does, is a line too. */
const toPlain = (text: string): string =>
  text
    .replace(SEQUENCES, '')
    .replace(/\r+\n?/g, '\n')
    .replace(DECEPTIVE, '\ufffd')

import { constants, type FileHandle, open } from 'node:fs/promises'
import { HandholdError } from '#protocol/errors.ts'
import { PASS_FILE_MAX_BYTES, type PassFile, passFileSchema } from '#protocol/trust/access-pass.ts'

/** Reads a pass that somebody saved, and nothing else. Rejects with `pass-invalid`; what the file holds instead is never told. */
export async function readPassFile(path: string): Promise<PassFile> {
  let file: FileHandle | undefined
  try {
    // Without waiting: a pipe or a device of this name would hold the app up for ever.
    file = await open(path, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0))
    const facts = await file.stat()
    if (!facts.isFile() || facts.size > PASS_FILE_MAX_BYTES) throw notAPass()
    // One more than it may have: it may grow while it is read.
    const { buffer, bytesRead } = await file.read(Buffer.alloc(PASS_FILE_MAX_BYTES + 1), 0, PASS_FILE_MAX_BYTES + 1, 0)
    if (bytesRead > PASS_FILE_MAX_BYTES) throw notAPass()
    return parsePassFile(buffer.toString('utf8', 0, bytesRead))
  } catch (thrown) {
    throw thrown instanceof HandholdError ? thrown : notAPass(thrown)
  } finally {
    await file?.close()
  }
}

/** What such a file holds. Throws `pass-invalid`. */
export function parsePassFile(text: string): PassFile {
  try {
    return passFileSchema.parse(JSON.parse(text))
  } catch (cause) {
    throw notAPass(cause)
  }
}

const notAPass = (cause?: unknown) =>
  new HandholdError('pass-invalid', 'This file is not an access pass of Handhold. Download it again.', { cause })

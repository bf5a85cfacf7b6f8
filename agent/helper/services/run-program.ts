import { execFile } from 'node:child_process'
import { HandholdError } from '#protocol/errors.ts'

const OUTPUT_MAX_BYTES = 8 * 1024 * 1024
const WITHIN_MS = 20_000

/** What the program printed. Rejects with `tool-unavailable` and its own first words where it ended with something else than 0. */
export function runProgram(
  program: string,
  args: readonly string[],
  env: Readonly<Record<string, string>>,
): Promise<string> {
  const options = { env, timeout: WITHIN_MS, maxBuffer: OUTPUT_MAX_BYTES, windowsHide: true }
  return new Promise((resolve, reject) => {
    execFile(program, [...args], options, (error, stdout, stderr) => {
      if (!error) return resolve(stdout + stderr)
      // Windows' programs say on the one what others say on the other.
      const said = (stderr.trim() || stdout.trim()).split('\n')[0]?.slice(0, 200)
      reject(new HandholdError('tool-unavailable', said || 'The system didn’t answer.', { cause: error }))
    })
  })
}

import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'

const MAIN = fileURLToPath(new URL('../relay/main.ts', import.meta.url))

/** `handhold-relay` as a process of its own, beside the relay of this data folder. Never rejects. */
export function runRelayCommand(
  dataDir: string,
  args: readonly string[],
): Promise<{ code: number; stdout: string; stderr: string }> {
  const env = { ...process.env, HANDHOLD_RELAY_DATA_DIR: dataDir }
  return new Promise(resolve =>
    execFile(process.execPath, [MAIN, ...args], { env }, (error, stdout, stderr) =>
      resolve({ code: error ? Number(error.code) : 0, stdout, stderr }),
    ),
  )
}

import { execFile } from 'node:child_process'
import { promisify } from 'node:util'

const BROWSER = /users:\(\("(chrom|google-chrome|msedge|brave)/

/** Counts the TCP payload that browsers of this machine have received from a local port, by what the kernel knows of each socket. */
export function countTcpBytes(port: number): () => Promise<number> {
  const seen = new Map<string, number>()
  return async () => {
    const { stdout } = await promisify(execFile)('ss', ['-tinpOH', `dport = :${port}`])
    for (const line of stdout.split('\n')) {
      const received = /\bbytes_received:(\d+)/.exec(line)?.[1]
      const local = line.split(/\s+/)[3]
      // A socket that is closed later keeps what it had when it was seen last.
      if (received && local && BROWSER.test(line)) seen.set(local, Number(received))
    }
    return [...seen.values()].reduce((sum, bytes) => sum + bytes, 0)
  }
}

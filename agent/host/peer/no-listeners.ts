import { closeSync, openSync, readdirSync, readFileSync, readlinkSync } from 'node:fs'

const LISTENING = '0A'
const STATE = 3
const INODE = 9
/** Between closing a descriptor and taking its number again another thread may have opened a few. */
const TRIES_MAX = 16

/**
 * libwebrtc listens on TCP for peers that dial in (RFC 6544), and its addon has no switch for that; nothing of this program may take connections. Closes
 * what listens. Each number is taken by `/dev/null` at once: libwebrtc closes it once more when it is done, and that must be nobody else's by then.
 * Does nothing where there is no `/proc`.
 */
export function closeListeners(): void {
  const listening = new Set(['/proc/self/net/tcp', '/proc/self/net/tcp6'].flatMap(listeningInodes))
  if (listening.size === 0) return
  for (const name of namesIn('/proc/self/fd')) {
    const inode = /^socket:\[(\d+)\]$/.exec(targetOf(`/proc/self/fd/${name}`))?.[1]
    if (inode !== undefined && listening.has(inode)) replace(Number(name))
  }
}

function replace(descriptor: number): void {
  closeSync(descriptor)
  const others: number[] = []
  for (let tries = 0; tries < TRIES_MAX; tries++) {
    const taken = openSync('/dev/null', 'r')
    if (taken === descriptor) break
    others.push(taken)
  }
  for (const other of others) closeSync(other)
}

/** Of this network namespace; whose they are shows by the descriptors. */
function listeningInodes(path: string): string[] {
  try {
    const rows = readFileSync(path, 'latin1').split('\n').slice(1)
    return rows.map(row => row.trim().split(/\s+/)).flatMap(row => (row[STATE] === LISTENING ? (row[INODE] ?? []) : []))
  } catch {
    return []
  }
}

function namesIn(path: string): string[] {
  try {
    return readdirSync(path)
  } catch {
    return []
  }
}

function targetOf(path: string): string {
  try {
    return readlinkSync(path)
  } catch {
    return ''
  }
}

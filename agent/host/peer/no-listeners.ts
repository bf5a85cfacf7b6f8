import { closeSync, openSync, readdirSync, readFileSync, readlinkSync } from 'node:fs'
import type { IceConfiguration } from '#protocol/peer/ice-paths.ts'

const LISTENING = '0A'
const LOCAL_ADDRESS = 1
/** 127.0.0.1, as the kernel prints it on machines of either byte order. */
const LOOPBACK = ['0100007F', '7F000001']
const kept = new Set<number>()
/** Of UDP: without a fixed other end. */
const UNCONNECTED = '07'
const STATE = 3
const INODE = 9
/** Between closing a descriptor and taking its number again another thread may have opened a few. */
const TRIES_MAX = 16

/** This program's own way to the relay, which only this machine reaches. */
export function keepListener(port: number): void {
  kept.add(port)
}

/**
 * libwebrtc listens on TCP for peers that dial in (RFC 6544), and its addon has no switch for that; nothing of this program may take connections. Closes
 * what listens. Each number is taken by `/dev/null` at once: libwebrtc closes it once more when it is done, and that must be nobody else's by then.
 * Where everything goes through the relay, UDP too that takes what anybody sends: there is some only where this process may bind any port. Does nothing where
 * there is no `/proc`.
 */
export function closeListeners({ iceTransportPolicy }: Pick<IceConfiguration, 'iceTransportPolicy'>): void {
  const tcp = ['/proc/self/net/tcp', '/proc/self/net/tcp6'].flatMap(path => inodesIn(path, LISTENING))
  const udp = ['/proc/self/net/udp', '/proc/self/net/udp6'].flatMap(path => inodesIn(path, UNCONNECTED))
  const listening = new Set(iceTransportPolicy === 'relay' ? [...tcp, ...udp] : tcp)
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
function inodesIn(path: string, state: string): string[] {
  try {
    const rows = readFileSync(path, 'latin1').split('\n').slice(1)
    return rows
      .map(row => row.trim().split(/\s+/))
      .filter(row => row[STATE] === state && !isKept(row[LOCAL_ADDRESS]))
      .flatMap(row => row[INODE] ?? [])
  } catch {
    return []
  }
}

function isKept(address = ''): boolean {
  const [host = '', port = ''] = address.split(':')
  return LOOPBACK.includes(host) && kept.has(Number.parseInt(port, 16))
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

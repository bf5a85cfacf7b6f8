import { closeSync, openSync, readdirSync, readFileSync, readlinkSync, readSync } from 'node:fs'
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
/** The kernel gives no more at once; a page in which another row would have had room is the last one. */
const PAGE_BYTES = 4096
const ROW_MAX_BYTES = 256
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
  const tcp = ['/proc/self/net/tcp', '/proc/self/net/tcp6'].flatMap(path => inodesOf(LISTENING, firstRowsIn(path)))
  const listening = new Set(iceTransportPolicy === 'relay' ? [...tcp, ...udpInodes()] : tcp)
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

function udpInodes(): string[] {
  return ['/proc/self/net/udp', '/proc/self/net/udp6'].flatMap(path => inodesOf(UNCONNECTED, rowsIn(path)))
}

/** Of this network namespace; whose they are shows by the descriptors. */
function inodesOf(state: string, rows: readonly string[]): string[] {
  return rows
    .map(row => row.trim().split(/\s+/))
    .filter(row => row[STATE] === state && !isKept(row[LOCAL_ADDRESS]))
    .flatMap(row => row[INODE] ?? [])
}

function rowsIn(path: string): string[] {
  try {
    return rowsOf(readFileSync(path, 'latin1'))
  } catch {
    return []
  }
}

/**
 * At least those that listen, which come first. For the others the kernel walks over a table that is as large as the machine's memory allows, which takes five to
 * ten milliseconds each time, and once more for the end of the file; the first picture waits for this.
 */
function firstRowsIn(path: string): string[] {
  let file: number | undefined
  try {
    file = openSync(path, 'r')
    const page = Buffer.alloc(PAGE_BYTES)
    let text = ''
    let bytes: number
    do {
      bytes = readSync(file, page)
      text += page.toString('latin1', 0, bytes)
    } while (bytes > PAGE_BYTES - ROW_MAX_BYTES && rowsOf(text).every(isListening))
    return rowsOf(text)
  } catch {
    return []
  } finally {
    if (file !== undefined) closeSync(file)
  }
}

const isListening = (row: string): boolean => row.trim().split(/\s+/)[STATE] === LISTENING

/** Whole ones, without the titles. */
const rowsOf = (text: string): string[] => text.split('\n').slice(1, -1)

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

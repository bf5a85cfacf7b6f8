import { createReadStream, createWriteStream, type WriteStream } from 'node:fs'
import { open, readdir, stat, unlink } from 'node:fs/promises'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { HandholdError } from '#protocol/errors.ts'
import type { RecordingView } from '#protocol/tools/messages.ts'

/** What all recordings of a device may take; the oldest go. */
const FOLDER_MAX_BYTES = 256 * 1024 * 1024
/** What one may: after it only commands are noted. */
const RECORDING_MAX_BYTES = 32 * 1024 * 1024
const LISTED_MAX = 200
const COMMANDS_MAX = 60
const PART_BYTES = 9 * 1024
const NAME = /^[0-9A-Za-z_-]{1,80}\.cast$/
/** Stands in a title between who and the session. */
const OF_SESSION = ' in '

export interface RecordingHead {
  readonly columns: number
  readonly rows: number
  readonly startedAtMs: number
  /** Who, as whom. */
  readonly label: string
  readonly sessionId: string
}

/** One terminal's output as asciicast v2. Writing never waits; `failed` is called once if it can't be written. */
export interface Recording {
  readonly name: string
  output(text: string): void
  resized(columns: number, rows: number): void
  command(command: string, exitCode: number): void
  close(): void
}

/** The recordings in one folder, which only its helper and the service can enter. */
export interface Recordings {
  /** Rejects when nothing can be written there. */
  start(name: string, head: RecordingHead, elapsedS: () => number, failed: () => void): Promise<Recording>
  /** `sessionId`: who asks. */
  list(sessionId: string): Promise<RecordingView[]>
  /** A part of the file's text from an offset in bytes; `next` is null after the last. Throws `not-found`. */
  read(name: string, offset: number): Promise<{ text: string; next: number | null }>
}

export function openRecordings(folder: string): Recordings {
  return {
    async start(name, head, elapsedS, failed) {
      await prune(folder)
      const stream = createWriteStream(join(folder, name), { flags: 'wx', mode: 0o600 })
      await writeHead(stream, head)
      return record(stream, name, elapsedS, failed)
    },
    async list(sessionId) {
      const names = (await readdir(folder))
        .filter(name => NAME.test(name))
        .toSorted()
        .reverse()
      const views = await Promise.all(names.slice(0, LISTED_MAX).map(name => viewOf(folder, name, sessionId)))
      return views.filter(view => view !== undefined)
    },
    async read(name, offset) {
      if (!NAME.test(name)) throw missing()
      const file = await open(join(folder, name), 'r').catch(() => {
        throw missing()
      })
      try {
        const { size } = await file.stat()
        const { buffer, bytesRead } = await file.read(Buffer.alloc(PART_BYTES), 0, PART_BYTES, offset)
        const end = wholeCharacters(buffer, bytesRead)
        const next = offset + end
        return { text: buffer.toString('utf8', 0, end), next: next < size && end > 0 ? next : null }
      } finally {
        await file.close()
      }
    },
  }
}

/** Resolves when it is in the file: a full disk lets a file be made and then nothing be written. */
function writeHead(
  stream: WriteStream,
  { columns: width, rows: height, startedAtMs, label, sessionId }: RecordingHead,
) {
  const timestamp = Math.floor(startedAtMs / 1000)
  const title = `${label}${OF_SESSION}${sessionId}`
  const line = JSON.stringify({ version: 2, width, height, timestamp, title, env: { TERM: 'xterm-256color' } })
  return new Promise<void>((resolve, reject) => {
    stream.once('error', reject)
    stream.write(`${line}\n`, error => {
      stream.off('error', reject)
      if (error) reject(error)
      else resolve()
    })
  })
}

function record(stream: WriteStream, name: string, elapsedS: () => number, failed: () => void): Recording {
  let bytes = 0
  let isFull = false
  stream.on('error', failed)
  const write = (value: unknown) => {
    const line = `${JSON.stringify(value)}\n`
    bytes += line.length
    stream.write(line)
  }
  const event = (kind: 'o' | 'r' | 'm', data: string) => write([Number(elapsedS().toFixed(3)), kind, data])
  return {
    name,
    output(text) {
      if (bytes < RECORDING_MAX_BYTES) return event('o', text)
      if (!isFull) event('m', 'output is left out from here')
      isFull = true
    },
    resized: (columns, rows) => event('r', `${columns}x${rows}`),
    command: (command, exitCode) => event('m', `${exitCode} ${command}`),
    close: () => void stream.end(),
  }
}

async function viewOf(folder: string, name: string, sessionId: string): Promise<RecordingView | undefined> {
  const path = join(folder, name)
  const commands: RecordingView['commands'] = []
  let head: { timestamp?: unknown; title?: unknown } | undefined
  try {
    const { size } = await stat(path)
    for await (const line of createInterface({ input: createReadStream(path) })) {
      if (!head) head = JSON.parse(line) as typeof head
      else if (line.includes(',"m",') && commands.length < COMMANDS_MAX) {
        const [atS, kind, text] = JSON.parse(line) as [number, string, string]
        const mark = /^(-?\d{1,10}) (.*)$/s.exec(text)
        if (kind === 'm' && mark)
          commands.push({ atS, command: (mark[2] ?? '').slice(0, 120), exitCode: Number(mark[1]) })
      }
    }
    const title = typeof head?.title === 'string' ? head.title : ''
    const at = title.lastIndexOf(OF_SESSION)
    const label = title.slice(0, at < 0 ? 200 : Math.min(at, 200))
    const isOfSession = at >= 0 && title.slice(at + OF_SESSION.length) === sessionId
    return { name, startedAtMs: Number(head?.timestamp ?? 0) * 1000, bytes: size, label, isOfSession, commands }
  } catch {
    // Cut off by a full disk or a power cut; the file is kept for who looks at the device itself.
    return undefined
  }
}

async function prune(folder: string): Promise<void> {
  const names = (await readdir(folder))
    .filter(name => NAME.test(name))
    .toSorted()
    .reverse()
  let total = 0
  for (const name of names) {
    total += await stat(join(folder, name)).then(
      ({ size }) => size,
      () => 0,
    )
    if (total > FOLDER_MAX_BYTES) await unlink(join(folder, name)).catch(() => undefined)
  }
}

/** Where the last whole UTF-8 character ends. */
function wholeCharacters(buffer: Buffer, length: number): number {
  let start = length - 1
  while (start >= 0 && start > length - 4 && ((buffer[start] ?? 0) & 0xc0) === 0x80) start--
  const lead = buffer[start] ?? 0
  const needed = lead >= 0xf0 ? 4 : lead >= 0xe0 ? 3 : lead >= 0xc0 ? 2 : 1
  return start >= 0 && start + needed > length ? start : length
}

const missing = () => new HandholdError('not-found', 'There is no such recording on this device.')

import { Socket } from 'node:net'
import { userInfo } from 'node:os'
import { join } from 'node:path'
import { HandholdError, type WireError } from '#protocol/errors.ts'
import type { ToolReport } from '#protocol/tools/audit.ts'
import { FrameReader, toFrame } from '#protocol/tools/frames.ts'
import type { ProcessRef } from '#protocol/tools/messages.ts'
import { systemClock } from '../links/clock.ts'
import {
  HELPER_PEER_FD,
  HELPER_RECORDINGS_FD,
  type HelperBegin,
  type HelperToService,
  type ServiceToHelper,
  serviceToHelperSchema,
} from '../links/helper-link.ts'
import { openParentChannel } from '../links/parent.ts'
import { Helper } from './helper.ts'
import { openProcesses } from './processes/open-processes.ts'
import { openRegistry } from './registry/open-registry.ts'
import { RegistryTool } from './registry/registry-tool.ts'
import { openServices } from './services/open-services.ts'
import { openRecordings } from './shell/recordings.ts'
import { openShells } from './shell/system/open-shells.ts'
import { shownName, Terminals } from './shell/terminals.ts'

/** An audit that doesn't answer in this time is none. */
const REPORT_WITHIN_MS = 5_000
/** More than this waiting for the host, and terminals that write wait too. */
const PEER_BUFFER_MAX_BYTES = 4 * 1024 * 1024

/** Runs this process as the helper of one session: what to believe comes from its parent, what to do over the inherited descriptor, and nothing listens. */
export function runHelper(): void {
  const waiting = new Map<number, (isKept: boolean, why?: WireError) => void>()
  let helper: Helper | undefined
  let reports = 0
  const parent = openParentChannel<ServiceToHelper, HelperToService>(serviceToHelperSchema, message => {
    switch (message.type) {
      case 'begin':
        helper ??= begin(message, report)
        break
      case 'set-pass-keys':
        helper?.gate.setPassKeys(message.passKeys)
        break
      case 'lease':
        void helper?.gate.takeLease(message.lease).catch(() => log('warn', 'a lease was refused'))
        break
      case 'watch':
        void helper
          ?.watch(message.statement, message.proof)
          .catch(() => log('warn', 'a second person’s word was refused'))
        break
      case 'set-tools':
        helper?.setTools(message.tools)
        break
      case 'set-paused':
        helper?.setPaused(message.paused)
        break
      case 'reported':
        waiting.get(message.id)?.(message.isKept, message.why)
        break
      case 'stop':
        leave()
    }
  })
  if (!parent) {
    console.error('This program is started by handhold-agent and does nothing by itself.')
    process.exit(2)
  }
  const log = (level: 'info' | 'warn' | 'error', message: string) =>
    parent.send({ type: 'log', level, message: message.slice(0, 500) })
  const report = (said: ToolReport): Promise<void> =>
    new Promise((resolve, reject) => {
      const id = ++reports
      const settle = (isKept: boolean, why?: WireError) => {
        clearTimeout(timer)
        waiting.delete(id)
        if (isKept) resolve()
        else reject(unkept(why))
      }
      const timer = setTimeout(() => settle(false), REPORT_WITHIN_MS)
      waiting.set(id, settle)
      parent.send({ type: 'report', id, report: said })
    })
  const leave = () => {
    helper?.close()
    void parent.flushed().then(() => process.exit(0))
  }
  process.on('disconnect', leave)
  process.on('SIGTERM', leave)
  process.on('SIGINT', leave)
  // Whatever fails, nothing that was started may stay.
  process.on('uncaughtException', thrown => {
    log('error', thrown instanceof Error ? (thrown.stack ?? thrown.message) : String(thrown))
    leave()
  })
  const show = (sealed: string) => parent.send({ type: 'shown', sealed })
  const onRecording = (terminals: number) => parent.send({ type: 'recording', terminals })
  const onWatcher = (watcher: string | null) => parent.send({ type: 'watched', watcher })
  const begin = (message: HelperBegin, reportIt: typeof report): Helper =>
    open(message, { report: reportIt, show, onWatcher, onRecording, log })
}

/** The relay's own words where it refused; without any it wasn't there. */
function unkept(why: WireError | undefined): HandholdError {
  if (why && WORTH_SAYING.has(why.code)) return HandholdError.fromWire(why)
  return new HandholdError('audit-unavailable', 'The relay can’t write this down now, so it isn’t done. Try again.')
}
const WORTH_SAYING = new Set<string>(['audit-unavailable', 'storage-full', 'rate-limited', 'session-closed'])

interface ToService {
  readonly report: (report: ToolReport) => Promise<void>
  readonly show: (sealed: string) => void
  readonly onWatcher: (watcher: string | null) => void
  readonly onRecording: (terminals: number) => void
  readonly log: (level: 'info' | 'warn' | 'error', message: string) => void
}

function open(begin: HelperBegin, { report, show, onWatcher, onRecording, log }: ToService): Helper {
  const socket = new Socket({ fd: HELPER_PEER_FD, readable: true, writable: true })
  const user = userInfo()
  const processes = openProcesses({ clock: systemClock, servicePid: process.ppid })
  const folderOf = (ref: ProcessRef) => processes.folderOf(ref)
  const folder = `/proc/self/fd/${HELPER_RECORDINGS_FD}`
  const recordings = openRecordings(folder)
  const system = openShells()
  const helper = new Helper({
    begin,
    clock: systemClock,
    runsAs: shownName(user),
    send: message => {
      socket.write(toFrame(message))
      if (socket.writableLength > PEER_BUFFER_MAX_BYTES) helper.setCongested(true)
    },
    report,
    terminals: (output, tell) =>
      new Terminals({ begin, user, system, recordings, clock: systemClock, output, tell, log, folderOf, onRecording }),
    processes,
    services: openServices(),
    sendShown: show,
    onWatcher,
    registry: new RegistryTool({
      open: () => openRegistry(begin.wine, systemClock),
      journalPath: join(folder, `registry-${begin.sessionId}.jsonl`),
      clock: systemClock,
    }),
  })
  const reader = new FrameReader()
  socket.on('drain', () => helper.setCongested(false))
  socket.on('data', chunk => {
    const messages = reader.push(chunk)
    if (!messages) return void socket.destroy()
    for (const message of messages) void helper.handle(message)
  })
  // The host is gone: the service says when that is the end.
  socket.on('error', () => undefined)
  return helper
}

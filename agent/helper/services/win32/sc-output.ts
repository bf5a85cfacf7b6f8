import { toDisplayLine } from '#protocol/text.ts'
import type { ServiceRow } from '#protocol/tools/messages.ts'

/** Numbers of Windows' own, the same in every language. */
const STATES: Readonly<Record<number, readonly [active: string, sub: string]>> = {
  1: ['inactive', 'stopped'],
  2: ['activating', 'start-pending'],
  3: ['deactivating', 'stop-pending'],
  4: ['active', 'running'],
  5: ['activating', 'continue-pending'],
  6: ['deactivating', 'pause-pending'],
  7: ['inactive', 'paused'],
}
const STARTS: Readonly<Record<number, string>> = { 0: 'boot', 1: 'system', 2: 'automatic', 3: 'manual', 4: 'disabled' }

export type ScRow = Omit<ServiceRow, 'enabled'>

/**
 * What `sc.exe query` prints, in the language of the system: blocks, of which the first line names the service, the second what it is called for people, and of
 * those that are indented the second one begins with the number of its state.
 */
export function parseScQuery(text: string): ScRow[] {
  return text.split(/\r?\n\s*\r?\n/).flatMap(block => {
    const lines = block.split(/\r?\n/).filter(line => line.trim() !== '')
    const [name, label] = lines.filter(line => /^\S[^:]*:/.test(line)).map(afterColon)
    const numbers = lines.filter(line => /^\s+\S[^:]*:\s*\d/.test(line)).map(afterColon)
    const [active, sub] = STATES[Number.parseInt(numbers[1] ?? '', 10)] ?? []
    if (!name || !active || sub === undefined) return []
    return [{ unit: name.slice(0, 200), description: toDisplayLine(label ?? '', 200), active, sub }]
  })
}

/** The number of the state of the one service that was asked for. */
export const parseScState = (text: string): string | undefined => parseScQuery(text)[0]?.sub

/** How each service starts: what `reg.exe query HKLM\…\Services /s /v Start` prints. Names without case, as Windows has them. */
export function parseStarts(text: string): Map<string, string> {
  const starts = new Map<string, string>()
  let name = ''
  for (const line of text.split(/\r?\n/)) {
    const key = /^HKEY_LOCAL_MACHINE\\.*\\Services\\([^\\]+)$/i.exec(line.trim())
    if (key) name = key[1]?.toLowerCase() ?? ''
    else if (line.startsWith('HKEY_')) name = ''
    const value = /^\s+Start\s+REG_DWORD\s+0x([0-9a-f]+)\s*$/i.exec(line)
    if (value && name !== '') starts.set(name, STARTS[Number.parseInt(value[1] ?? '', 16)] ?? '')
  }
  return starts
}

const afterColon = (line: string): string => line.slice(line.indexOf(':') + 1).trim()

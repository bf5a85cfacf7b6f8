/** One event of an asciicast v2: seconds from its start, kind and data. */
export interface CastEvent {
  readonly atS: number
  readonly kind: string
  readonly data: string
}

export interface Cast {
  readonly columns: number
  readonly rows: number
  readonly events: readonly CastEvent[]
  readonly lengthS: number
}

export interface CastCommand {
  readonly atS: number
  readonly command: string
  readonly exitCode: number
}

/** Longer than a session ever is: what claims to be is a device's lie. */
const LENGTH_MAX_S = 30 * 24 * 3600

/**
 * The whole recording; a last line that was cut off is left out. Undefined for what is none. A device may write anything: a moment before the last one counts
 * as that one, and what isn't a moment isn't an event.
 */
export function parseCast(text: string): Cast | undefined {
  const [head = '', ...lines] = text.split('\n')
  const header = json(head) as { version?: unknown; width?: unknown; height?: unknown } | undefined
  if (header?.version !== 2) return undefined
  const events: CastEvent[] = []
  for (const line of lines) {
    const event = json(line)
    if (!Array.isArray(event)) continue
    const [atS, kind, data] = event as unknown[]
    if (typeof atS !== 'number' || typeof kind !== 'string' || typeof data !== 'string') continue
    if (atS < 0 || atS > LENGTH_MAX_S) continue
    events.push({ atS: Math.max(atS, events.at(-1)?.atS ?? 0), kind, data })
  }
  return {
    columns: within(header.width, 500),
    rows: within(header.height, 300),
    events,
    lengthS: events.at(-1)?.atS ?? 0,
  }
}

/** What was run and how it ended, as far as the shell said so. */
export function commandsOf({ events }: Cast): readonly CastCommand[] {
  return events.flatMap(({ atS, kind, data }) => {
    const mark = kind === 'm' ? /^(-?\d{1,10}) (.*)$/s.exec(data) : null
    return mark ? [{ atS, command: mark[2] ?? '', exitCode: Number(mark[1]) }] : []
  })
}

const within = (value: unknown, most: number) =>
  typeof value === 'number' && Number.isInteger(value) && value >= 2 && value <= most ? value : 80

function json(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

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

/** The whole recording; a last line that was cut off is left out. Undefined for what is none. */
export function parseCast(text: string): Cast | undefined {
  const [head = '', ...lines] = text.split('\n')
  const header = json(head) as { version?: unknown; width?: unknown; height?: unknown } | undefined
  if (header?.version !== 2) return undefined
  const events = lines.flatMap(line => {
    const event = json(line)
    if (!Array.isArray(event)) return []
    const [atS, kind, data] = event as unknown[]
    return typeof atS === 'number' && typeof kind === 'string' && typeof data === 'string' ? [{ atS, kind, data }] : []
  })
  return {
    columns: within(header.width, 500),
    rows: within(header.height, 300),
    events,
    lengthS: events.at(-1)?.atS ?? 0,
  }
}

const within = (value: unknown, most: number) => (typeof value === 'number' && value >= 2 && value <= most ? value : 80)

function json(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

import { Agent, request } from 'node:http'
import { z } from 'zod'
import type { Operator, Seed } from './seed.ts'

export const KINDS = ['list', 'search', 'filter', 'auditPage', 'policy'] as const
export type Kind = (typeof KINDS)[number]

/** What each asks, over and over, so that all kinds are asked equally often: six people of ten may read the audit, and ask for it for the other four too. */
const TURNS_WITH_AUDIT: readonly Kind[] = ['auditPage', 'list', 'search', 'auditPage', 'filter', 'policy']
const TURNS: readonly Kind[] = ['list', 'search', 'filter', 'policy']
const WORDS = [
  'berlin-pc-1',
  'kiosk 77',
  'ada 4',
  'optiplex',
  'dora.17@example.org',
  '10.0.12.',
  'lyon',
  'thinkcentre rare',
  'hugo',
  'pc-42',
  'nuc 14',
  'porto-kiosk-55',
]
const SORTS = ['name', 'status', 'seen', 'system']

export interface LoadOptions {
  readonly url: string
  readonly seed: Seed
  readonly durationMs: number
  /** Between an answer and the next question, evenly spread around it; 0 asks again at once. */
  readonly thinkMs: number
}

export interface Load {
  /** Milliseconds from asking to the last byte, by kind. */
  readonly elapsedMs: Readonly<Record<Kind, number[]>>
  readonly requests: number
  readonly seconds: number
}

/** Every operator asks, waits for the whole answer, thinks, and asks the next: no more requests are under way than there are people. */
export async function runLoad({ url, seed, durationMs, thinkMs }: LoadOptions): Promise<Load> {
  const elapsedMs: Record<Kind, number[]> = { list: [], search: [], filter: [], auditPage: [], policy: [] }
  const startedAt = performance.now()
  const endsAt = startedAt + durationMs
  const agent = new Agent({ keepAlive: true })
  await Promise.all(
    seed.operators.map(async (operator, index) => {
      const person = new Person(operator, index, seed)
      if (thinkMs > 0) await pause((thinkMs * index) / seed.operators.length)
      while (performance.now() < endsAt) {
        const { kind, path } = person.next()
        const askedAt = performance.now()
        const reply = await ask(agent, new URL(path, url), operator.token, person.address(thinkMs === 0))
        elapsedMs[kind].push(performance.now() - askedAt)
        person.read(kind, reply)
        if (thinkMs > 0) await pause(thinkMs * (0.5 + Math.random()))
      }
    }),
  )
  agent.destroy()
  const requests = Object.values(elapsedMs).reduce((sum, times) => sum + times.length, 0)
  return { elapsedMs, requests, seconds: (performance.now() - startedAt) / 1000 }
}

const pageSchema = z.object({
  nextCursor: z.string().nullish(),
  entries: z.array(z.object({ sequence: z.number() })).optional(),
})

/** One operator: what they ask next depends on what they saw. */
class Person {
  readonly #operator: Operator
  readonly #index: number
  readonly #seed: Seed
  #asked: number
  #listCursor: string | null = null
  #auditBefore: number | undefined

  constructor(operator: Operator, index: number, seed: Seed) {
    this.#operator = operator
    this.#index = index
    this.#seed = seed
    this.#asked = index
  }

  /** Limits count by address. Each person has one; where they ask faster than any person, each question has one. */
  address(isFlood: boolean): string {
    return isFlood ? `10.${this.#index}.${(this.#asked >> 8) & 255}.${this.#asked & 255}` : `192.0.2.${this.#index + 1}`
  }

  next(): { kind: Kind; path: string } {
    const turns = this.#operator.mayReadAudit ? TURNS_WITH_AUDIT : TURNS
    const kind = turns[this.#asked++ % turns.length] ?? 'list'
    return { kind, path: this.#path(kind) }
  }

  read(kind: Kind, reply: unknown): void {
    const { nextCursor, entries } = pageSchema.parse(reply)
    if (kind === 'list') this.#listCursor = nextCursor ?? null
    if (kind === 'auditPage') this.#auditBefore = entries?.at(-1)?.sequence
  }

  #path(kind: Kind): string {
    const at = this.#asked * 31 + this.#index * 7
    const sort = SORTS[this.#index % SORTS.length] ?? 'name'
    switch (kind) {
      case 'list':
        return `/v1/devices?limit=50&sort=${sort}${this.#listCursor ? `&cursor=${this.#listCursor}` : ''}`
      case 'search':
        return `/v1/devices?limit=50&q=${encodeURIComponent(WORDS[at % WORDS.length] ?? '')}`
      case 'filter':
        return `/v1/devices?limit=50&sort=${sort}&${this.#filter(at)}`
      case 'auditPage':
        return `/v1/audit?limit=100${this.#auditBefore === undefined ? '' : `&before=${this.#auditBefore}`}`
      case 'policy': {
        const devices = this.#seed.devicesOf.get(this.#operator.userId) ?? []
        return `/v1/policy/explain?operatorId=${this.#operator.userId}&deviceId=${devices[at % devices.length]}`
      }
    }
  }

  #filter(at: number): string {
    const { groupIds } = this.#seed
    const mine =
      this.#seed.devicesOf.get(this.#operator.userId)?.length === this.#seed.deviceCount
        ? groupIds[at % groupIds.length]
        : undefined
    const filters = [
      'online=true',
      'tag=rare',
      'tag=common&online=false',
      'platform=win32',
      'status=active&tag=berlin',
      `q=kiosk&tag=lyon`,
    ]
    return mine !== undefined && at % 3 === 0 ? `groupId=${mine}` : (filters[at % filters.length] ?? '')
  }
}

function ask(agent: Agent, url: URL, token: string, address: string): Promise<unknown> {
  return new Promise((resolve, reject) => {
    const headers = { authorization: `Bearer ${token}`, 'x-forwarded-for': address }
    const outgoing = request(url, { agent, headers }, response => {
      const chunks: Buffer[] = []
      response.on('data', (chunk: Buffer) => void chunks.push(chunk))
      response.on('error', reject)
      response.on('end', () => {
        const text = Buffer.concat(chunks).toString()
        if (response.statusCode === 200) resolve(JSON.parse(text))
        else reject(new Error(`${url.pathname}${url.search}: ${response.statusCode} ${text}`))
      })
    })
    outgoing.on('error', (error: NodeJS.ErrnoException) => {
      // The relay closed a connection that had rested while this question was on its way into it: nobody has read it, and every client asks again.
      const isStale = outgoing.reusedSocket && error.code === 'ECONNRESET'
      if (isStale) ask(agent, url, token, address).then(resolve, reject)
      else reject(error)
    })
    outgoing.end()
  })
}

const pause = (ms: number) => new Promise(resolve => setTimeout(resolve, ms))

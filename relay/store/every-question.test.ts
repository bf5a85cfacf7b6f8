import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import Sqlite from 'better-sqlite3'
import { Kysely, SqliteDialect } from 'kysely'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type AskedQuestion, isScan, planOf } from '#testing/query-plans.ts'
import { askOfDevices } from '#testing/questions/devices.ts'
import { askOfOperating, askOfWebhooks } from '#testing/questions/operating.ts'
import { askOfPeople, askOfPolicy } from '#testing/questions/people.ts'
import { askOfScripts, askOfSessions } from '#testing/questions/sessions.ts'
import { KyselyReader } from './reader.ts'
import { SqliteStore } from './store.ts'
import { TableReader } from './table-reader.ts'
import type { Tables } from './tables.ts'
import { KyselyWriter } from './writer.ts'

/** Tables that are read as a whole, because they stay small. */
const SMALL_TABLES: Readonly<Record<string, string>> = {
  organisation: 'the tenants of one relay: what runs by itself goes through all of them',
  relay_pulse: 'one row',
  audit_export: 'one row: the target that counts',
}

let folder: string
let database: Sqlite.Database
const asked = new Map<string, AskedQuestion>()
const called = new Set<string>()
let writer: KyselyWriter

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'handhold-questions-'))
  const file = join(folder, 'relay.db')
  await new SqliteStore(file).close()
  database = new Sqlite(file)
  // Rows are here to be asked for, by ids that lead nowhere.
  database.pragma('foreign_keys = OFF')
  const log = ({ query }: { query: AskedQuestion }) => void asked.set(query.sql, query)
  writer = new KyselyWriter(new Kysely<Tables>({ dialect: new SqliteDialect({ database }), log }))
  const tx = noted('', writer)
  await askOfPeople(tx)
  await askOfPolicy(tx)
  await askOfDevices(tx)
  await askOfSessions(tx)
  await askOfScripts(tx)
  await askOfWebhooks(tx)
  await askOfOperating(tx)
})
afterAll(async () => {
  database.close()
  await rm(folder, { recursive: true })
})

/** The store, noting what it is asked; its topics too. */
const noted = <T extends object>(topic: string, store: T): T =>
  new Proxy(store, {
    get(target, key) {
      const value = Reflect.get(target, key, target)
      if (value instanceof TableReader) return noted(`${String(key)}.`, value)
      if (typeof value !== 'function') return value
      called.add(`${topic}${String(key)}`)
      return value.bind(target)
    },
  })

function* prototypesOf(store: object) {
  for (let at = Object.getPrototypeOf(store); at !== TableReader.prototype; at = Object.getPrototypeOf(at)) yield at
}

/** Every question and change that the store's classes have. */
function methodsOf(topic: string, store: object): string[] {
  const members = [...prototypesOf(store)].flatMap(prototype =>
    Object.entries(Object.getOwnPropertyDescriptors(prototype) as PropertyDescriptorMap),
  )
  const isMethod = ([name, { value }]: [string, PropertyDescriptor]) => name !== 'constructor' && value !== undefined
  return members.filter(isMethod).map(([name]) => `${topic}${name}`)
}

describe('A146 every question and every change of the store', () => {
  it('is asked here: a new one fails until it has a line in testing/questions/', () => {
    const topics = Object.entries(Object.getOwnPropertyDescriptors(KyselyReader.prototype)).filter(([, { get }]) => get)
    const all = topics.flatMap(([topic]) => methodsOf(`${topic}.`, Reflect.get(writer, topic, writer)))
    all.push(...methodsOf('', writer))
    expect(all.length).toBeGreaterThan(150)
    expect([...new Set(all)].filter(name => !called.has(name))).toEqual([])
  })

  it('reads no whole table but the named small ones', () => {
    const isSmall = (step: string) => Object.keys(SMALL_TABLES).includes(step.split(' ')[1] ?? '')
    const scans = [...asked.values()].flatMap(question =>
      planOf(database, question)
        .filter(step => isScan(step) && !isSmall(step))
        .map(step => `${step} — ${question.sql}`),
    )
    expect(asked.size).toBeGreaterThan(250)
    expect(scans).toEqual([])
  })

  it('would show one that does', () => {
    const question = { sql: 'delete from script_run where expires_at_ms < ?', parameters: [1] }
    expect(planOf(database, question).filter(isScan)).toEqual(['SCAN script_run'])
  })
})

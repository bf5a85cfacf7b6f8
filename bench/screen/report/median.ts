import { percentile } from '../../../testing/world/received-picture.ts'
import type { ContenderRun } from '../run-contender.ts'

/** Each figure's own median over runs that measured the same things. Null and undefined are left out unless nothing else is there. */
export const medianRun = (runs: readonly ContenderRun[]): ContenderRun => medianOf(runs) as ContenderRun

function medianOf(values: readonly unknown[]): unknown {
  const numbers = values.filter(value => typeof value === 'number')
  if (numbers.length > 0) return percentile(numbers, 0.5)
  const records = values.filter(value => typeof value === 'object' && value !== null) as Record<string, unknown>[]
  const [first] = records
  if (!first) return values[0]
  return Object.fromEntries(Object.keys(first).map(key => [key, medianOf(records.map(record => record[key]))]))
}

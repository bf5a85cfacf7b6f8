import { randomBytes } from 'node:crypto'
import { join } from 'node:path'
import { z } from 'zod'
import { readStateFile, writeStateFile } from './state-file.ts'

const bootsSchema = z.object({ count: z.number().int().min(0) })

export interface Boot {
  readonly id: string
  readonly count: number
}

/**
 * This start's number, durable before anybody hears of it: a state that comes back with an older one was restored from a backup or copied. A damaged
 * file counts as none, and the relay notices.
 */
export async function nextBoot(stateDir: string): Promise<Boot> {
  const path = bootsFile(stateDir)
  const count = parse(await readStateFile(path)) + 1
  await writeStateFile(path, JSON.stringify({ count }))
  return { id: randomBytes(32).toString('base64url'), count }
}

export const bootsFile = (stateDir: string): string => join(stateDir, 'boots.json')

function parse(text: string | undefined): number {
  try {
    return bootsSchema.parse(JSON.parse(text ?? '')).count
  } catch {
    return 0
  }
}

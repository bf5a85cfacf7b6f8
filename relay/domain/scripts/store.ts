import type { ScriptDefinition } from '#protocol/scripts/script.ts'

export interface ScriptRecord {
  readonly id: string
  readonly organisationId: string
  readonly name: string
  readonly description: string
  readonly definition: ScriptDefinition
  readonly digest: string
  readonly roleId: string | null
  readonly authorId: string
  readonly author: string
  readonly createdAtMs: number
  readonly approvedBy: string | null
}

export interface ScriptReader {
  script(id: string): Promise<ScriptRecord | undefined>
  /** Oldest first. */
  scripts(organisationId: string): Promise<ScriptRecord[]>
}

export interface ScriptWriter extends ScriptReader {
  insertScript(script: ScriptRecord): Promise<void>
  approveScript(id: string, approvedBy: string, atMs: number): Promise<void>
  deleteScript(id: string): Promise<void>
}

import type { ScriptParameter, ScriptValues } from '#protocol/scripts/script.ts'

/** What the fields of a script's parameters begin with. */
export const firstValues = (parameters: readonly ScriptParameter[]): ScriptValues =>
  Object.fromEntries(parameters.map(({ name, kind }) => [name, kind.type === 'choice' ? (kind.choices[0] ?? '') : '']))

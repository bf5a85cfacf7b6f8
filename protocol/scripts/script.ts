import { base64url } from 'jose'
import { z } from 'zod'
import { displayLine } from '../text.ts'

/** With grant, proof and values it fits in one message to the helper. */
const TEXT_MAX = 6_000
const PARAMETERS_MAX = 12
const VALUE_MAX = 400

const SCRIPT_PROGRAMS = ['bash', 'sh'] as const
export const scriptDigestSchema = z.string().regex(/^[A-Za-z0-9_-]{43}$/)

/** Names of the environment in which a value is passed: never part of the text that is run. */
const parameterName = z.string().regex(/^[A-Z][A-Z0-9_]{0,31}$/, 'a name is like PRINTER_NAME')

const parameterSchema = z.strictObject({
  name: parameterName,
  label: displayLine(80),
  kind: z.discriminatedUnion('type', [
    z.strictObject({ type: z.literal('text'), maxLength: z.number().int().min(1).max(VALUE_MAX) }),
    z.strictObject({ type: z.literal('number'), min: z.number().int(), max: z.number().int() }),
    z.strictObject({ type: z.literal('choice'), choices: z.array(z.string().min(1).max(80)).min(1).max(20) }),
  ]),
})
export type ScriptParameter = z.infer<typeof parameterSchema>

/** What is run. Two that are alike to the letter have one digest. */
export const scriptDefinitionSchema = z.strictObject({
  /** Whose rights it has: the tool that it takes. */
  tool: z.enum(['shell', 'shell-user']),
  program: z.enum(SCRIPT_PROGRAMS),
  text: z
    .string()
    .min(1)
    .max(TEXT_MAX)
    .refine(text => !text.includes('\0'), 'no program takes a zero byte'),
  parameters: z
    .array(parameterSchema)
    .max(PARAMETERS_MAX)
    .refine(list => new Set(list.map(({ name }) => name)).size === list.length, 'a name stands twice'),
})
export type ScriptDefinition = z.infer<typeof scriptDefinitionSchema>

export const scriptValuesSchema = z
  .record(parameterName, z.string().max(VALUE_MAX))
  .refine(values => Object.keys(values).length <= PARAMETERS_MAX, 'too many values')
export type ScriptValues = z.infer<typeof scriptValuesSchema>

/** Base64url SHA-256 of the definition in one fixed order of its members. */
export async function scriptDigest({ tool, program, text, parameters }: ScriptDefinition): Promise<string> {
  const fixed = parameters.map(({ name, label, kind }) => [name, label, Object.entries(kind).toSorted()])
  const bytes = new TextEncoder().encode(JSON.stringify([tool, program, text, fixed]))
  return base64url.encode(new Uint8Array(await crypto.subtle.digest('SHA-256', bytes)))
}

/** What is wrong with the values for these parameters, in words; null when each parameter has one of its kind and nothing else has any. */
export function valuesProblem(parameters: readonly ScriptParameter[], values: ScriptValues): string | null {
  for (const { name, label, kind } of parameters) {
    const value = values[name]
    if (value === undefined || !isOfKind(kind, value)) return `${label} has no fitting value.`
  }
  const known = new Set(parameters.map(({ name }) => name))
  const unknown = Object.keys(values).find(name => !known.has(name))
  return unknown === undefined ? null : `The script takes no ${unknown}.`
}

function isOfKind(kind: ScriptParameter['kind'], value: string): boolean {
  switch (kind.type) {
    case 'text':
      return value.length <= kind.maxLength && !value.includes('\0')
    case 'number':
      return /^-?\d{1,15}$/.test(value) && Number(value) >= kind.min && Number(value) <= kind.max
    case 'choice':
      return kind.choices.includes(value)
  }
}

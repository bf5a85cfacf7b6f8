import { type Document, isMap, isNode, isPair, LineCounter, parseDocument } from 'yaml'
import type { z } from 'zod'
import { HandholdError } from '#protocol/errors.ts'
import { type PolicyFile, policyFileSchema } from './schema.ts'

const FILE_MAX_CHARACTERS = 4 * 1024 * 1024

/** Where in the document something stands: keys and indexes from its top. */
export type Place = readonly (string | number)[]

/** A document with the line of each of its places, for whoever refuses it later. */
export interface ParsedPolicy {
  readonly file: PolicyFile
  lineOf(place: Place): number
  /** Throws `policy-invalid`, or the code that is given, with the line of the place. */
  refuse(
    place: Place,
    reason: string,
    code?: 'policy-invalid' | 'group-cycle' | 'role-built-in' | 'role-exceeds-author',
  ): never
}

/** Reads a policy. Aliases, repeated keys and anything that the schema doesn't name are refused. Throws `policy-invalid` with line and reason. */
export function parsePolicy(text: string): ParsedPolicy {
  if (text.length > FILE_MAX_CHARACTERS) throw invalid('The file is larger than 4 MiB.')
  const lines = new LineCounter()
  const document = parseDocument(text, { lineCounter: lines, uniqueKeys: true, merge: false, version: '1.2' })
  const [error] = [...document.errors, ...document.warnings]
  if (error) throw invalid(`Line ${error.linePos?.[0].line ?? 1}: ${firstLine(error.message)}.`)
  const refuse: ParsedPolicy['refuse'] = (place, reason, code = 'policy-invalid') => {
    throw new HandholdError(code, `Line ${lineOf(document, lines, place)}: ${reason}`)
  }
  const parsed = policyFileSchema.safeParse(toValue(document))
  if (parsed.success) return { file: parsed.data, refuse, lineOf: place => lineOf(document, lines, place) }
  const [issue] = parsed.error.issues
  return issue ? refuse(placeOf(issue), `${placeText(issue)}${reasonOf(issue)}.`) : refuse([], 'not a policy.')
}

function toValue(document: Document): unknown {
  try {
    return document.toJS({ maxAliasCount: 0 })
  } catch (thrown) {
    throw invalid(`The file uses aliases, which a policy doesn't have: ${firstLine(String(thrown))}.`)
  }
}

/** The line of the node at the place, of the key where it is one, else of the nearest thing around it. */
function lineOf(document: Document, lines: LineCounter, place: Place): number {
  for (let length = place.length; length >= 0; length--) {
    const parent = document.getIn(place.slice(0, length - 1), true)
    const key = place[length - 1]
    const pair = isMap(parent)
      ? parent.items.find(item => isPair(item) && isNode(item.key) && String(item.key) === key)
      : null
    const node = pair ? pair.key : document.getIn(place.slice(0, length), true)
    if (isNode(node) && node.range) return lines.linePos(node.range[0]).line
  }
  return 1
}

type Issue = z.core.$ZodIssue

const placeOf = (issue: Issue): Place => {
  const path = issue.path.map(part => (typeof part === 'number' ? part : String(part)))
  return issue.code === 'unrecognized_keys' ? [...path, issue.keys[0] ?? ''] : path
}

const placeText = (issue: Issue): string => (issue.path.length > 0 ? `${issue.path.join('.')}: ` : '')

function reasonOf(issue: Issue): string {
  if (issue.code === 'unrecognized_keys') return `"${issue.keys[0]}" is not a key that a policy has`
  if (issue.code === 'invalid_value') return `must be ${issue.values.map(value => JSON.stringify(value)).join(' or ')}`
  return firstLine(issue.message)
}

const firstLine = (text: string): string => (text.split('\n')[0] ?? '').replace(/[.:]?( at line \d+.*)?$/, '')

const invalid = (message: string) => new HandholdError('policy-invalid', message)

import { HandholdError } from '#protocol/errors.ts'
import { type ScriptDefinition, type ScriptValues, scriptDigest, valuesProblem } from '#protocol/scripts/script.ts'
import type { GrantClaims } from '#protocol/tools/grant.ts'
import type { Tool } from '#protocol/tools/tools.ts'

/** A script that the relay granted for this run, with the values of its parameters. */
export interface ScriptOrder {
  readonly name: string
  readonly digest: string
  readonly definition: ScriptDefinition
  readonly values: ScriptValues
}

/** Throws unless this is to the letter what the grant names, and each value is of its parameter's kind. */
export async function requireGranted(
  tool: Tool,
  { script }: GrantClaims,
  definition: ScriptDefinition,
  values: ScriptValues,
): Promise<ScriptOrder> {
  const digest = await scriptDigest(definition)
  if (script?.digest !== digest || definition.tool !== tool)
    throw new HandholdError('grant-invalid', 'This is not the script that was granted.')
  const problem = valuesProblem(definition.parameters, values)
  if (problem) throw new HandholdError('bad-request', problem)
  return { name: script.name, digest, definition, values }
}

import { z } from 'zod'
import { proofSchema } from '../proof.ts'
import { scriptDefinitionSchema, scriptValuesSchema } from '../scripts/script.ts'
import { grantSchema } from './grant.ts'
import { TERMINAL_INPUT_MAX, TERMINAL_WINDOW_BYTES } from './limits.ts'
import { registryAnswerSchema, registryEditSchema, registryQuerySchema } from './registry.ts'
import { toolSchema } from './tools.ts'

const tool = toolSchema
const terminal = z.number().int().min(1).max(255)
/** Echoed in the answer. */
const request = z
  .number()
  .int()
  .min(1)
  .max(2 ** 31)
const columns = z.number().int().min(2).max(500)
const rows = z.number().int().min(1).max(300)

export const SHELLS = ['bash', 'sh', 'zsh', 'powershell', 'cmd'] as const
const shell = z.enum(SHELLS)
export type ShellName = z.infer<typeof shell>

/** A process as it was shown: its number alone may be another one's by now. */
const processRef = z.strictObject({
  pid: z
    .number()
    .int()
    .min(0)
    .max(2 ** 31 - 1),
  startTicks: z.number().int().min(0),
})
export type ProcessRef = z.infer<typeof processRef>

/** What any system lets a service be called; each looks more closely. A leading dash would be read as an option. */
const unit = z.string().regex(/^[A-Za-z0-9@_:$][A-Za-z0-9@_.:$()\\ -]{0,199}$/)

const scriptRun = z.strictObject({
  grant: grantSchema,
  proof: proofSchema,
  definition: scriptDefinitionSchema,
  values: scriptValuesSchema,
})
export type ScriptRun = z.infer<typeof scriptRun>

const PROCESS_VERBS = ['end', 'force-end', 'end-tree', 'suspend', 'resume'] as const
export const SERVICE_VERBS = ['start', 'stop', 'restart', 'enable', 'disable'] as const

const processVerb = z.strictObject({ verb: z.enum(PROCESS_VERBS), process: processRef })
const processPriority = z.strictObject({
  verb: z.literal('priority'),
  process: processRef,
  nice: z.number().int().min(-20).max(19),
})
const serviceVerb = z.strictObject({ verb: z.enum(SERVICE_VERBS), unit })
const serviceLogs = z.strictObject({ verb: z.literal('logs'), unit })
const registryVerb = z.strictObject({ verb: z.literal('registry'), edit: registryEditSchema })
export const actionSchema = z.union([processVerb, processPriority, serviceVerb, serviceLogs, registryVerb])
export type ToolAction = z.infer<typeof actionSchema>

/**
 * Operator → helper, JSON on `tools`: ten kinds and no more. `tool` is checked against the session's scopes by the host, and against what was
 * granted by the helper, for each one.
 */
export const operatorToolsSchema = z.discriminatedUnion('type', [
  /** Asks for the state; the answer is `state`. */
  z.strictObject({ type: z.literal('hello'), tool }),
  z.strictObject({ type: z.literal('unlock'), tool, grant: grantSchema, proof: proofSchema }),
  /** `at`: where that process works, instead of the user's home. */
  z.strictObject({
    type: z.literal('open'),
    tool,
    request,
    shell,
    columns,
    rows,
    at: processRef.optional(),
    /** Instead of a shell: this script, by a grant of its own. */
    script: scriptRun.optional(),
  }),
  /** Shows an open terminal (again): its last output is sent, then what comes. */
  z.strictObject({ type: z.literal('attach'), tool, terminal, columns, rows }),
  z.strictObject({ type: z.literal('input'), tool, terminal, data: z.string().min(1).max(TERMINAL_INPUT_MAX) }),
  z.strictObject({ type: z.literal('resize'), tool, terminal, columns, rows }),
  /** Bytes that were drawn since the last one. */
  z.strictObject({
    type: z.literal('drawn'),
    tool,
    terminal,
    bytes: z
      .number()
      .int()
      .min(1)
      .max(TERMINAL_WINDOW_BYTES * 2),
  }),
  z.strictObject({ type: z.literal('close'), tool, terminal }),
  /** Starts or stops a live list, or reads one once: what it is follows from the tool. */
  z.strictObject({
    type: z.literal('list'),
    tool,
    request,
    list: z.enum(['live', 'stop', 'recordings', 'recording', 'registry']),
    /** With `recording`: which, and from where. */
    name: z
      .string()
      .regex(/^[0-9A-Za-z_-]{1,80}\.cast$/)
      .optional(),
    offset: z.number().int().min(0).optional(),
    /** With `registry`: what of it. */
    query: registryQuerySchema.optional(),
  }),
  z.strictObject({ type: z.literal('act'), tool, request, action: actionSchema }),
])
export type OperatorTools = z.infer<typeof operatorToolsSchema>

const processRow = z.object({
  pid: z.number().int(),
  parent: z.number().int(),
  startTicks: z.number().int(),
  startedAtMs: z.number(),
  user: z.string().max(40),
  name: z.string().max(64),
  command: z.string().max(300),
  /** Of one processor, in percent. */
  cpu: z.number(),
  memoryBytes: z.number(),
  state: z.string().max(1),
  nice: z.number().int(),
  isProtected: z.boolean(),
})
export type ProcessRow = z.infer<typeof processRow>

const machineSchema = z.object({
  cpu: z.number(),
  processors: z.number().int(),
  memoryUsed: z.number(),
  memoryTotal: z.number(),
  load: z.number(),
  uptimeS: z.number(),
})
export type MachineFacts = z.infer<typeof machineSchema>

const serviceRow = z.object({
  unit: z.string().max(200),
  description: z.string().max(200),
  active: z.string().max(20),
  sub: z.string().max(20),
  enabled: z.string().max(20),
})
export type ServiceRow = z.infer<typeof serviceRow>

const terminalView = z.object({
  terminal,
  tool: toolSchema,
  /** Or the name of the script that runs there. */
  shell: z.string().max(60),
  isScript: z.boolean().optional(),
  runsAs: z.string().max(40),
  recording: z.string().max(80),
})
export type TerminalView = z.infer<typeof terminalView>

const recordingView = z.object({
  name: z.string().max(85),
  startedAtMs: z.number(),
  bytes: z.number(),
  /** Who, as whom. */
  label: z.string().max(200),
  /** Of the session that asks. */
  isOfSession: z.boolean(),
  commands: z
    .array(z.object({ atS: z.number(), command: z.string().max(300), exitCode: z.number().int().nullable() }))
    .max(60),
})
export type RecordingView = z.infer<typeof recordingView>

/** Helper → operator: JSON, or for a terminal's output `OUTPUT`, the terminal's number and its bytes. */
export const helperToolsSchema = z.discriminatedUnion('type', [
  z.object({
    type: z.literal('state'),
    tool: toolSchema,
    isUnlocked: z.boolean(),
    runsAs: z.string().max(40),
    shells: z.array(shell),
    terminals: z.array(terminalView),
    /** Takes a second person who looks. */
    twoPerson: z.boolean().optional(),
    /** Who looks now. */
    watcher: z.string().max(120).nullable().optional(),
  }),
  /** Of the tools that take two: who looks from now on. While it is nobody, nothing is taken. */
  z.object({ type: z.literal('watched'), watcher: z.string().max(120).nullable() }),
  z.object({ type: z.literal('opened'), tool: toolSchema, request, terminal: terminalView }),
  /** What follows is the terminal's past, then its present. */
  z.object({ type: z.literal('attached'), terminal }),
  z.object({ type: z.literal('exited'), terminal, exitCode: z.number().int().nullable() }),
  /** A part of a list: `isFirst` begins it anew, `isLast` completes it; rows that are named change, `gone` go. */
  z.object({
    type: z.literal('processes'),
    tool: toolSchema,
    isFirst: z.boolean(),
    isLast: z.boolean(),
    rows: z.array(processRow),
    gone: z.array(z.number().int()),
    machine: machineSchema,
  }),
  z.object({
    type: z.literal('services'),
    tool: toolSchema,
    isFirst: z.boolean(),
    isLast: z.boolean(),
    rows: z.array(serviceRow),
    /** Why there is nothing to show, in words. */
    problem: z.string().max(300).nullable(),
  }),
  z.object({ type: z.literal('recordings'), request, recordings: z.array(recordingView), isLast: z.boolean() }),
  z.object({
    type: z.literal('part'),
    request,
    text: z.string(),
    next: z.number().int().nullable(),
    /** Instead of the text, where a registry was asked. */
    registry: registryAnswerSchema.optional(),
  }),
  z.object({ type: z.literal('done'), request, text: z.string().max(12_000) }),
  z.object({
    type: z.literal('refused'),
    tool: toolSchema.nullable(),
    request: request.nullable(),
    code: z.string().max(40),
    message: z.string().max(300),
  }),
])
export type HelperTools = z.infer<typeof helperToolsSchema>

/** First byte of a binary message; JSON begins with a brace. */
export const OUTPUT = 1

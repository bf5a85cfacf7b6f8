import { z } from 'zod'

/**
 * The tools of a session beside its screen. Each is a scope that the person grants, a capability that a role has, and the name in a grant.
 * Those without `-user` run with the rights of the agent service; the others as the user of the desktop.
 */
export const TOOLS = ['shell', 'shell-user', 'processes', 'processes-user', 'services', 'registry'] as const
export const toolSchema = z.enum(TOOLS)
export type Tool = z.infer<typeof toolSchema>

/** Whose rights a helper has. */
const TOOL_LEVELS = ['elevated', 'user'] as const
export const toolLevelSchema = z.enum(TOOL_LEVELS)
export type ToolLevel = z.infer<typeof toolLevelSchema>

export const levelOf = (tool: Tool): ToolLevel => (tool.endsWith('-user') ? 'user' : 'elevated')

export const isShell = (tool: Tool): tool is 'shell' | 'shell-user' => tool === 'shell' || tool === 'shell-user'

export const isTool = (name: string): name is Tool => (TOOLS as readonly string[]).includes(name)

/** Whether a session with these scopes may use the tool: what may only look may not administer either. */
export const mayUseTool = (scopes: readonly string[], tool: Tool): boolean =>
  scopes.includes('control') && scopes.includes(tool)

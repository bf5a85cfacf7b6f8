import type { Browser, Page } from 'playwright'
import type { ScriptView } from '#protocol/scripts/http.ts'
import type { Scope } from '#protocol/session/scopes.ts'
import { type AgentPeer, openAgentPeer } from './agent-peer.ts'
import { installBridge, openPage } from './built-pages.ts'
import { FakeMain } from './fake-main.ts'
import { FakeRegistry } from './fake-registry.ts'
import { sampleDevice, sampleTab } from './samples.ts'

export interface ToolsWindowOptions {
  readonly scopes: Scope[]
  /** The shells' own. */
  readonly headers: Readonly<Record<string, string>>
  readonly colorScheme?: 'light' | 'dark'
  readonly scripts?: ScriptView[]
}

export type ToolsWindow = Awaited<ReturnType<typeof openToolsWindow>>

/** The operator's window in a session with these scopes; a real peer plays the device and its helper. */
export async function openToolsWindow(browser: Browser, dist: string, options: ToolsWindowOptions) {
  const { scopes, headers, colorScheme = 'light', scripts = [] } = options
  const device = sampleDevice(1, { name: 'Front desk' })
  const state = { name: 'active' as const, scopes, untilMs: Date.now() + 3_600_000, mode: 'control' as const }
  const tab = sampleTab(device, state, { startedAtMs: Date.now(), scopes })
  const main = new FakeMain({ devices: { error: null, devices: [device] }, sessions: [tab] })
  main.scripts = scripts
  const context = await browser.newContext({ viewport: { width: 1280, height: 720 }, colorScheme })
  const { page, complaints } = await openPage(context, dist, 'operator', headers, async opened => {
    const emit = await installBridge(opened, (name, args) => main.call(name as 'snapshot', args as undefined))
    main.forwardEvents((name, payload) => void emit(name, payload))
  })
  await page.getByRole('tab', { name: 'Front desk' }).click()
  const agents: AgentPeer[] = []
  const connect = async () => {
    const agent = openAgentPeer({ width: 640, height: 360 }, signal =>
      main.emit('signalReceived', { ticket: tab.ticket, signal }),
    )
    agents.push(agent)
    main.onSignal = signal => agent.handleSignal(signal)
    await agent.waitFor(message => message.type === 'watching')
    return agent
  }
  return {
    page,
    agent: await connect(),
    main,
    complaints,
    /** The link is lost, and the device makes another one. */
    reconnect() {
      agents.at(-1)?.close()
      return connect()
    },
    async close() {
      for (const agent of agents) agent.close()
      await context.close()
    },
  }
}

export const toolsOf = (agent: AgentPeer) =>
  agent.received.filter(({ label }) => label === 'tools').map(({ message }) => message)

export async function choose(page: Page, name: RegExp): Promise<void> {
  await page.getByRole('button', { name: 'Tools', exact: true }).click()
  await page.getByRole('menuitemradio', { name }).click()
}

export const state = (tool: string, isUnlocked: boolean) => ({
  type: 'state',
  tool,
  isUnlocked,
  runsAs: isUnlocked ? 'root' : '',
  shells: isUnlocked ? ['bash', 'sh'] : [],
  terminals: [],
})
export const view = { terminal: 1, tool: 'shell', shell: 'bash', runsAs: 'root', recording: 'x.cast' }

/** Opens the registry of a device that has one; `go` shows a key of it. */
export async function showRegistry({ page, agent }: Pick<ToolsWindow, 'page' | 'agent'>) {
  const registry = new FakeRegistry(agent)
  await choose(page, /^Registry/)
  await agent.waitFor(message => message.type === 'hello' && message.tool === 'registry')
  agent.sendTools(state('registry', true))
  await page.getByRole('button', { name: 'Larger' }).click()
  const go = async (path: string) => {
    await page.getByRole('textbox', { name: 'Key', exact: true }).fill(path)
    await page.keyboard.press('Enter')
  }
  return { registry, go }
}

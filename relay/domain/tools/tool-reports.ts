import { HandholdError } from '#protocol/errors.ts'
import { isOver } from '#protocol/session/machine.ts'
import type { SessionState } from '#protocol/session/state.ts'
import type { ToolReport } from '#protocol/tools/audit.ts'
import { mayUseTool, type Tool } from '#protocol/tools/tools.ts'
import type { Accountability } from '../audit/accountability.ts'
import { deviceActor } from '../audit.ts'
import type { Clock } from '../clock.ts'
import type { Store } from '../store.ts'

/** What devices say that is done with tools, one audit row each. A device runs nothing before its row is there. */
export class ToolReports {
  readonly #store: Store
  readonly #clock: Clock
  readonly #accountability: Accountability

  constructor(parts: { readonly store: Store; readonly clock: Clock; readonly accountability: Accountability }) {
    this.#store = parts.store
    this.#clock = parts.clock
    this.#accountability = parts.accountability
  }

  /**
   * Throws `not-found` for a session of another device, `session-closed` for a command in one that is over, `forbidden` for one of a tool that nobody agreed to (a
   * device doesn't write down what its operator can't have done), and `storage-full` or `audit-unavailable` for a command that couldn't be accounted for.
   */
  async record(deviceId: string, sessionId: string, { what, ...detail }: ToolReport): Promise<void> {
    if (what !== 'refused') await this.#accountability.require(deviceId)
    await this.#store.write(async tx => {
      const session = await tx.session(sessionId)
      if (session?.deviceId !== deviceId) throw new HandholdError('not-found', 'There is no such session of yours.')
      if (what !== 'refused') requireAgreed(session.state, detail.tool)
      await tx.audit({
        organisationId: session.organisation.id,
        atMs: this.#clock.nowMs(),
        actor: deviceActor(deviceId),
        action: `tool.${what}`,
        subject: sessionId,
        detail: { ...detail, operator: session.operator.email },
      })
    })
  }
}

function requireAgreed(state: SessionState, tool: Tool | null): void {
  if (isOver(state)) throw new HandholdError('session-closed', 'The session is over.')
  if (!('scopes' in state) || tool === null || !mayUseTool(state.scopes, tool))
    throw new HandholdError('forbidden', 'This session has no such tool.')
}

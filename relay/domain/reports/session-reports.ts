import type { ReportQuery, ReportRow } from '#protocol/sessions-http.ts'
import type { Clock } from '../clock.ts'
import type { Policies } from '../policy/policies.ts'
import type { PolicySnapshot } from '../policy/snapshot.ts'
import type { Principal } from '../principal.ts'
import type { SessionCount } from '../sessions/store.ts'
import type { Store } from '../store.ts'

export interface SessionReportsParts {
  readonly store: Store
  readonly clock: Clock
  readonly policies: Policies
}

/** How much support there was, how it ended and what people answered. Of the groups whose audit somebody may read. */
export class SessionReports {
  readonly #parts: SessionReportsParts

  constructor(parts: SessionReportsParts) {
    this.#parts = parts
  }

  async report({ organisation, user }: Principal, query: ReportQuery): Promise<ReportRow[]> {
    const { store, clock, policies } = this.#parts
    const groupIds = await policies.groupsWith(organisation.id, user.id, 'read-audit')
    const counts = await store.read.sessionLog.counts(organisation.id, groupIds, query, clock.nowMs())
    const policy = await policies.of(organisation.id)
    const rows = Map.groupBy(counts, ({ day, operator, groupId }) => JSON.stringify([day, operator?.id, groupId]))
    return [...rows.values()].map(parts => rowOf(parts, policy))
  }
}

function rowOf(parts: readonly SessionCount[], policy: PolicySnapshot): ReportRow {
  const [first] = parts
  const sum = (of: (part: SessionCount) => number) => parts.reduce((total, part) => total + of(part), 0)
  /** With a person who could have answered: without one a refusal is another person's, or a burnt password's. */
  const ended = (reason: string) => sum(part => (part.endReason === reason ? part.sessions - part.unattended : 0))
  const [sessions, granted, unattended] = [
    sum(part => part.sessions),
    sum(part => part.granted),
    sum(part => part.unattended),
  ]
  const [denied, noAnswer] = [ended('denied'), ended('consent-timeout')]
  const groupId = first?.groupId ?? null
  return {
    day: first?.day ?? null,
    operator: first?.operator ?? null,
    group:
      groupId === null ? null : { id: groupId, path: policy.group(groupId) ? policy.pathText(groupId) : '(deleted)' },
    sessions,
    noted: sum(part => part.noted),
    connected: sum(part => part.connected),
    minutes: Math.round(sum(part => part.connectedMs) / 6_000) / 10,
    outcomes: Object.fromEntries(parts.flatMap(part => (part.endReason ? [[part.endReason, part.sessions]] : []))),
    consent: {
      granted,
      denied,
      noAnswer,
      notAsked: Math.max(0, sessions - granted - denied - noAnswer - unattended),
      unattended,
    },
  }
}

import type { ScriptDefinition } from '#protocol/scripts/script.ts'
import type { SessionFilter } from '../../relay/domain/sessions/store.ts'
import type { Writer } from '../../relay/domain/store.ts'
import { DEVICE, GROUP, KEY, NOW_MS, ORGANISATION, SESSION, USER } from './names.ts'

const DEFINITION: ScriptDefinition = { tool: 'shell', program: 'sh', text: 'id', parameters: [] }

/** Sessions from their request to their receipts and the reports. */
export async function askOfSessions(tx: Writer): Promise<void> {
  const of = { organisationId: ORGANISATION, deviceId: DEVICE, operatorId: USER, credentialHash: 'hash' }
  const said = {
    reason: 'Because',
    ticket: null,
    scopes: ['view'] as const,
    operatorKeyThumbprint: 'thumb',
    matchCommitment: null,
  }
  const times = { requestedAtMs: NOW_MS, consentTimeoutMs: 1, durationMaxMs: 1 }
  const kind = { unattended: null, operatorChain: null, beside: null, skipsConsent: false, withoutChat: false }
  await tx.insertSession({ ...of, ...said, ...times, ...kind, id: SESSION, state: { name: 'requested' } })
  await tx.indexSession(SESSION)
  await tx.session(SESSION)
  await tx.countJoin(SESSION, 'hash')
  await tx.setSessionNote(SESSION, { text: 'Done', atMs: NOW_MS, changedAtMs: NOW_MS })
  await tx.setUnasked(SESSION, 'skip-consent')
  await tx.setRefusal(SESSION, { code: 'device-busy', message: 'Busy' })
  await tx.openSessions()
  await tx.openSessionsOfDevice(DEVICE)
  await tx.openSessionsOfOperator(USER)
  await tx.openSessionsOfOrganisation(ORGANISATION)
  await tx.openSessionsOfCredentials(['hash', 'other'])
  await tx.insertPass({ jti: 'pas_1', sessionId: SESSION, expiresAtMs: 2 * NOW_MS })
  await tx.pass('pas_1')
  await tx.spendPass('pas_1', SESSION)
  await tx.revokePasses(SESSION, NOW_MS)
  await tx.receipts.insert({ sessionId: SESSION, number: 1, receipt: 'receipt', atMs: NOW_MS })
  await tx.receipts.ofSession(SESSION)
  await askOfTheLog(tx)
  await tx.updateSession(SESSION, { name: 'closed', reason: 'denied' }, NOW_MS, null)
  await tx.lastDenials(USER, DEVICE)
  const unattended = { delivery: 'operator', endLock: 'off', needsApproval: false, approvedBy: null } as const
  const screen = { maintenanceScreen: false, blockLocalInput: false, virtualDisplay: false }
  const sealKey = { key: { kty: 'OKP', crv: 'X25519', x: KEY.x }, proof: 'proof' } as const
  await tx.setUnattended(SESSION, { ...unattended, ...screen, sealKey, otp: null, isTornDown: false })
}

async function askOfTheLog({ sessionLog }: Writer): Promise<void> {
  await sessionLog.history(SESSION)
  await sessionLog.shells(ORGANISATION, SESSION, 10)
  await sessionLog.unindexed(10)
  const filters: Partial<SessionFilter>[] = [
    ...[{}, { state: 'open' }, { state: 'queued' }, { state: 'closed' }, { q: 'because' }, { q: 'be' }],
    ...[{ deviceId: DEVICE }, { operatorId: USER }, { groupId: GROUP }, { fromMs: 1, toMs: 2 * NOW_MS }],
    { after: { requestedAtMs: NOW_MS, id: SESSION } },
  ] as const
  for (const groupIds of [null, [GROUP]])
    for (const filter of filters) {
      const sight = { organisationId: ORGANISATION, userId: USER, groupIds }
      await sessionLog.page(sight, { state: 'all', limit: 10, after: undefined, ...filter })
    }
  for (const groupIds of [null, [GROUP]])
    for (const by of [['day'], ['day', 'operator', 'group']] as const) {
      const query = { fromMs: 1, toMs: 2 * NOW_MS, by: [...by], utcOffsetMinutes: 0 }
      await sessionLog.counts(ORGANISATION, groupIds, query, NOW_MS)
    }
}

/** Scripts, and where they ran. */
export async function askOfScripts({ scripts, scriptRuns }: Writer): Promise<void> {
  const text = { name: 'Who', description: '', definition: DEFINITION, digest: 'digest', roleId: null }
  const author = { authorId: USER, author: 'Ada', approvedBy: null, createdAtMs: NOW_MS }
  await scripts.insertScript({ ...text, ...author, id: 'scr_1', organisationId: ORGANISATION })
  await scripts.script('scr_1')
  await scripts.scripts(ORGANISATION)
  await scripts.approveScript('scr_1', 'Eve', NOW_MS)
  await scripts.deleteScript('scr_1')
  const operator = { id: USER, name: 'Ada', email: 'ada@example.org' }
  const run = { id: 'run_1', organisationId: ORGANISATION, operator, scriptId: 'scr_1', scriptName: 'Who' }
  const what = { digest: 'digest', roleId: null, definition: DEFINITION, values: {}, reason: '', timeLimitS: 60 }
  const order = { order: 'order', certificate: null, orderedBy: 'thumb', startedAtMs: NOW_MS, expiresAtMs: 2 * NOW_MS }
  const device = { deviceId: DEVICE, deviceName: 'pc', deviceKey: KEY, state: 'queued', why: null } as const
  await scriptRuns.insertRun({ ...run, ...what, ...order }, [device])
  await scriptRuns.run('run_1')
  await scriptRuns.runs(ORGANISATION, null)
  await scriptRuns.runs(ORGANISATION, USER)
  await scriptRuns.counts('run_1')
  await scriptRuns.devices('run_1')
  await scriptRuns.device('run_1', DEVICE)
  await scriptRuns.open()
  await scriptRuns.open(DEVICE)
  await scriptRuns.awaiting(ORGANISATION)
  await scriptRuns.change('run_1', DEVICE, { state: 'running', startedAtMs: NOW_MS })
  await scriptRuns.putOutput('run_1', DEVICE, { part: 0, bytes: 1, sealed: 'sealed' })
  await scriptRuns.output('run_1', DEVICE, 0)
  await scriptRuns.deleteRuns(NOW_MS)
}

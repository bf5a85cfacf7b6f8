import { accessSync, constants, mkdirSync } from 'node:fs'
import type { AddressInfo } from 'node:net'
import { join, resolve } from 'node:path'
import type { FastifyInstance } from 'fastify'
import type { Logger } from 'pino'
import { CLOSE } from '#protocol/wire/envelope.ts'
import { headTargets } from './audit-copies/targets.ts'
import { openAuditTarget } from './audit-export/targets.ts'
import type { RelayConfig, RelaySecrets } from './config/config.ts'
import { auditKeyFile } from './config/paths.ts'
import { Accountability } from './domain/audit/accountability.ts'
import { AuditCopies } from './domain/audit/copies.ts'
import { AuditSealing } from './domain/audit/sealing.ts'
import type { Chance } from './domain/chance.ts'
import type { Clock } from './domain/clock.ts'
import { DeniedAttempts } from './domain/denied-attempts.ts'
import { Devices } from './domain/devices.ts'
import { Arrivals } from './domain/enrolment/arrivals.ts'
import { CutOffs } from './domain/enrolment/cut-offs.ts'
import { DeviceStatuses } from './domain/enrolment/device-status.ts'
import { Enrolment } from './domain/enrolment/enrolment.ts'
import { EnrolmentTokens } from './domain/enrolment/tokens.ts'
import { GroupSettings } from './domain/groups/group-settings.ts'
import { Groups } from './domain/groups/groups.ts'
import { HelpRequests } from './domain/help/help-requests.ts'
import { Idempotency } from './domain/idempotency/idempotency.ts'
import { SIGN_IN_ABSOLUTE_MS } from './domain/identity/logins.ts'
import { AuditExport } from './domain/operating/audit-export.ts'
import { createPurgeAudit } from './domain/operating/audit-purge.ts'
import { Retention } from './domain/operating/retention.ts'
import { PolicyChanges } from './domain/policy/changes.ts'
import { PolicyEnforcement } from './domain/policy/enforcement.ts'
import { Explanations } from './domain/policy/explain.ts'
import { PolicyFiles } from './domain/policy/file/policy-file.ts'
import { Policies } from './domain/policy/policies.ts'
import { Receipts } from './domain/receipts/receipts.ts'
import { DeviceList } from './domain/records/device-list.ts'
import { DeviceRecords } from './domain/records/device-records.ts'
import { indexDevices } from './domain/records/index-devices.ts'
import { Presence } from './domain/records/presence.ts'
import { SessionReports } from './domain/reports/session-reports.ts'
import { Assignments } from './domain/roles/assignments.ts'
import { Roles } from './domain/roles/roles.ts'
import { RunApprovals } from './domain/scripts/run-approvals.ts'
import { RunDispatch } from './domain/scripts/run-dispatch.ts'
import { RunReports } from './domain/scripts/run-reports.ts'
import { RunRows } from './domain/scripts/run-rows.ts'
import { ScriptRuns } from './domain/scripts/runs.ts'
import { Scripts } from './domain/scripts/scripts.ts'
import { DeviceSessions } from './domain/sessions/device-sessions.ts'
import { Drops } from './domain/sessions/drops.ts'
import { Eligibility } from './domain/sessions/eligibility.ts'
import { FurtherScopes } from './domain/sessions/further-scopes.ts'
import { HeldChanges } from './domain/sessions/held-changes.ts'
import { indexSessions } from './domain/sessions/index-sessions.ts'
import { InputTurns } from './domain/sessions/input-turns.ts'
import { SessionJoins } from './domain/sessions/joins.ts'
import { Leases } from './domain/sessions/leases.ts'
import { SessionLedger } from './domain/sessions/ledger.ts'
import { NumberHalves } from './domain/sessions/number-halves.ts'
import { Passes } from './domain/sessions/passes.ts'
import { SessionRequests } from './domain/sessions/requests.ts'
import { SessionLog } from './domain/sessions/session-log.ts'
import { SessionNotes } from './domain/sessions/session-notes.ts'
import { SessionPaths } from './domain/sessions/session-paths.ts'
import { SignalRoutes } from './domain/sessions/signal-routes.ts'
import type { SessionRecord } from './domain/store.ts'
import { ToolGrants } from './domain/tools/grants.ts'
import { ToolReports } from './domain/tools/tool-reports.ts'
import { Watches } from './domain/tools/watches.ts'
import { OrganisationTrust } from './domain/trust/organisation-trust.ts'
import { Approvals } from './domain/unattended/approvals.ts'
import { DeviceAccess } from './domain/unattended/device-access.ts'
import { Wake } from './domain/wake/wake.ts'
import { WebhookSender } from './domain/webhooks/sender.ts'
import { Webhooks } from './domain/webhooks/webhooks.ts'
import { createApp } from './http/app.ts'
import { HTTP_TIMEOUTS, type HttpTimeouts, type ListenerOptions, readTls } from './http/listener.ts'
import { type PasswordHashing, SCRYPT } from './identity/credentials.ts'
import { setupIdentity } from './identity/setup-identity.ts'
import { openAuditKey } from './keys/audit-key.ts'
import { openBootstrapSecret } from './keys/bootstrap-secret.ts'
import { KeyWatch } from './keys/key-watch.ts'
import { nodeChance } from './keys/node-chance.ts'
import { PassKeys } from './keys/pass-key.ts'
import { passKeyFile } from './keys/pass-key-file.ts'
import { openSeal } from './keys/sealing-key.ts'
import { createLog } from './log.ts'
import { createMetrics } from './metrics/metrics.ts'
import { createPostWebhook, hmacSha256, requireOutsideUrl } from './outbound/post-webhook.ts'
import type { Services } from './services.ts'
import { AgentHub } from './signalling/agent-hub.ts'
import { OpenSockets } from './signalling/open-sockets.ts'
import { OperatorHub } from './signalling/operator-hub.ts'
import { setupUpgrades } from './signalling/upgrades.ts'
import { StartError } from './start-error.ts'
import { StorageReserve } from './store/storage-reserve.ts'
import { SqliteStore } from './store/store.ts'
import { systemClock } from './system-clock.ts'
import { TurnServer } from './turn/turn-server.ts'
import { RELAY_VERSION } from './version.ts'

/** How soon new work is taken again after somebody has made room. */
const STORAGE_LOOK_INTERVAL_MS = 5_000
const PRUNE_INTERVAL_MS = 60 * 60_000

export interface RelayOptions {
  readonly clock?: Clock
  readonly chance?: Chance
  readonly log?: Logger
  readonly httpTimeouts?: HttpTimeouts
  /** Identity providers on this machine over plain HTTP. There is no setting for it: only a test can say so. */
  readonly allowLoopbackIssuers?: boolean
  /** The same for webhooks. */
  readonly allowLoopbackWebhooks?: boolean
  /** Nor for this: tests hash each of their passwords once. */
  readonly passwordHashing?: PasswordHashing
}

export interface Relay {
  /** Where it listens, with the port that it got. */
  readonly url: string
  /** Present while the relay has no user yet. */
  readonly bootstrapSecret?: string
  /** Closes sockets with 1001 and the database. May be called more than once. */
  close(): Promise<void>
}

/** Starts a relay; it listens when this resolves. Throws `StartError` with one line that says what to do. */
export async function startRelay(
  config: RelayConfig,
  secrets: RelaySecrets,
  options: RelayOptions = {},
): Promise<Relay> {
  const { clock = systemClock, chance = nodeChance, log = createLog(config.logLevel) } = options
  const dataDir = prepareDataDir(config.dataDir)
  const tls = StartError.guard('The TLS files of HANDHOLD_RELAY_TLS_CERT_FILE and _KEY_FILE are not usable', () =>
    readTls(config.tls),
  )
  const databaseFile = join(dataDir, 'relay.db')
  const storage = new StorageReserve(join(dataDir, 'reserve'))
  const store = StartError.guard(
    `The database ${databaseFile} can't be opened`,
    () => new SqliteStore(databaseFile, storage),
  )
  const agents = new AgentHub()
  const operators = new OperatorHub()

  const hasUsers = await store.read.hasUsers()
  const bootstrapSecretFile = join(dataDir, 'bootstrap-secret')
  const bootstrapSecret = openBootstrapSecret(bootstrapSecretFile, hasUsers, secrets.bootstrapSecret)
  const signer = await PassKeys.open(passKeyFile(dataDir), clock)
  const auditKey = await openAuditKey(auditKeyFile(config))
  const copies = new AuditCopies({ store, clock, log, targets: headTargets(config, clock) })
  const sealing = new AuditSealing({ store, clock, signer: auditKey, log, onSealed: () => void copies.copy() })
  const denied = new DeniedAttempts(store, clock, log)
  let listeningUrl: string | undefined
  const identity = setupIdentity({
    store,
    clock,
    chance,
    denied,
    operators,
    log,
    settle: organisationId => settle(organisationId),
    endSessions: (hashes, reason) => ledger.endOfCredentials(hashes, reason),
    bootstrapSecret,
    dataDir,
    publicUrl: () => new URL(config.publicUrl ?? listeningUrl ?? `http://${config.host}:${config.port}`),
    allowLoopbackIssuers: options.allowLoopbackIssuers ?? false,
    passwordHashing: options.passwordHashing ?? SCRYPT,
  })
  const seal = openSeal(join(dataDir, 'identity-key'))
  const { allowLoopbackWebhooks = false } = options
  const post = createPostWebhook(allowLoopbackWebhooks)
  const webhookSender = new WebhookSender({ store, clock, chance, seal, log, post, hmac: hmacSha256 })
  const policies = new Policies(store)
  const presence = new Presence(store, clock, log)
  const devices = new Devices({ store, presence, agents, operators, log, policies })
  const enrolment = new Enrolment({ store, clock, chance, devices, denied, policies })
  const routes = new SignalRoutes({ store, agents, operators })
  const turn = new TurnServer({ clock, chance, log })
  const paths = new SessionPaths({ read: store.read, clock, turn, policies, agents, routes })
  const drops = new Drops(store, clock)
  const numberHalves = new NumberHalves({ store, agents, operators })
  const auditExport = new AuditExport({ store, clock, log, target: openAuditTarget(config.auditExport) })
  const metrics = createMetrics(RELAY_VERSION, {
    devicesConnected: () => agents.size,
    operatorsConnected: () => operators.size,
    isStorageFull: () => storage.isFull,
    auditSequence: () => store.read.operating.auditSequence(),
    auditExported: () => auditExport.sequence,
    openSessions: () => store.read.operating.openSessionCounts(),
    deliveries: () => store.read.operating.deliveryCounts(),
  })
  const watches = new Watches({ store, clock, signer, policies, agents, operators })
  const onClosed = (session: SessionRecord) => {
    const { id, state } = session
    watches.forget(session)
    routes.forget(id)
    drops.forget(id)
    heldChanges.forget(id)
    paths.forget(id)
    if ('reason' in state) metrics.sessionEnded(state.reason)
  }
  const onEnding = ({ id }: SessionRecord) => paths.end(id)
  const ledger = new SessionLedger({ store, clock, agents, operators, devices, log, onEnding, onClosed })
  const heldChanges = new HeldChanges({ store, clock, ledger, log })
  const trust = new OrganisationTrust({ store, clock, agents })
  const requests = new SessionRequests({ store, clock, chance, ledger, agents, devices, log, policies, copies, trust })
  const sessionLog = new SessionLog({ store, policies, ledger })
  const passes = new Passes({ store, clock, chance, signer, requests, sessionLog, ledger })
  const accountability = new Accountability({ read: store.read, policies, copies, storage })
  const scripts = new Scripts({ store, clock, chance, policies })
  const rows = new RunRows({ store, clock })
  const approvals = new Approvals({ store, clock, ledger, requests, agents, operators, policies })
  const onAwaited = (organisationId: string) => approvals.announce(organisationId)
  const runDispatch = new RunDispatch({ store, clock, chance, signer, agents, policies, rows, log, onAwaited })
  const lookAtRuns = () => void runDispatch.look()
  const onRuns = (organisationId: string) => {
    lookAtRuns()
    onAwaited(organisationId)
  }
  const runApprovals = new RunApprovals({ store, clock, policies, onAnswered: onRuns })
  const toolGrants = new ToolGrants({
    ...{ store, clock, chance, signer, requests, devices, policies, accountability, watches, scripts },
  })
  const toolReports = new ToolReports({ store, clock, accountability })
  const joins = new SessionJoins({ store, clock, signer, ledger, requests, routes, agents, paths })
  const deviceSessions = new DeviceSessions({
    ...{ store, clock, ledger, requests, agents, devices, log, policies, heldChanges },
  })
  const enforcement = new PolicyEnforcement({ store, clock, policies, ledger, operators, paths, log })
  const settle = (organisationId: string) => enforcement.settle(organisationId)
  const changes = new PolicyChanges({ store, clock, policies, settle })
  const cutOffs = new CutOffs({ store, clock, ledger, agents, devices, log })
  const cutOff = (deviceIds: readonly string[]) => cutOffs.apply(deviceIds)
  const { auditDays, historyDays, recordingDays } = config
  const retention = new Retention({
    store,
    clock,
    log,
    purgeAudit: createPurgeAudit({ store, clock, signer: auditKey }),
    defaults: { auditDays, historyDays, recordingDays },
  })
  const services: Services = {
    version: RELAY_VERSION,
    trustedProxyHops: config.trustedProxyHops,
    storage,
    read: store.read,
    ...identity,
    devices,
    deviceList: new DeviceList({ store, policies, agents }),
    deviceRecords: new DeviceRecords({ store, clock, chance, devices, policies }),
    policies,
    groups: new Groups({ chance, policies, changes, devices }),
    groupSettings: new GroupSettings({ policies, changes }),
    roles: new Roles({ chance, policies, changes }),
    assignments: new Assignments({ chance, policies, changes }),
    idempotency: new Idempotency({ store, clock, chance, seal, within: (first, work) => store.within(first, work) }),
    explanations: new Explanations({ clock, policies, devices }),
    policyFiles: new PolicyFiles({ store, chance, policies, changes }),
    enrolment,
    enrolmentTokens: new EnrolmentTokens({ store, clock, chance, policies, cutOff }),
    deviceStatuses: new DeviceStatuses({ store, clock, policies, devices, agents, cutOff }),
    arrivals: new Arrivals(store, clock),
    cutOffs,
    signer,
    requests,
    furtherScopes: new FurtherScopes({ store, clock, ledger, requests, agents, policies, copies }),
    eligibility: new Eligibility({ store, clock, devices, policies, agents }),
    sessionLog,
    sessionNotes: new SessionNotes({ store, clock, requests }),
    sessionReports: new SessionReports({ store, clock, policies }),
    passes,
    toolGrants,
    toolReports,
    watches,
    scripts,
    scriptRuns: new ScriptRuns({
      ...{ store, clock, agents, devices, policies, scripts, trust, approvals: runApprovals, onOrdered: onRuns },
    }),
    runApprovals,
    runDispatch,
    runReports: new RunReports({ store, clock, policies, accountability, storage, rows, onOver: lookAtRuns }),
    joins,
    leases: new Leases({ store, clock, signer, ledger, agents, policies, accountability, paths }),
    deviceSessions,
    approvals,
    deviceAccess: new DeviceAccess({ store, clock, agents, devices, policies }),
    help: new HelpRequests({ store, clock, chance, seal, agents, operators, policies, denied }),
    routes,
    drops,
    turns: new InputTurns(store, clock, heldChanges),
    numberHalves,
    receipts: new Receipts({ store, clock, operators, policies }),
    denied,
    organisationTrust: trust,
    wake: new Wake({ store, clock, devices, agents }),
    retention,
    metrics,
    metricsAccess: {
      hasToken: secrets.metricsToken !== null,
      isToken: token => secrets.metricsToken !== null && chance.isSame(secrets.metricsToken, token),
    },
    webhooks: new Webhooks({
      store,
      clock,
      chance,
      seal,
      requireUrl: url => requireOutsideUrl(url, allowLoopbackWebhooks),
    }),
  }

  const { httpTimeouts: timeouts = HTTP_TIMEOUTS } = options
  const onTurn: ListenerOptions['onTurn'] = (socket, onAllocated) => turn.accept(socket, onAllocated)
  const app = await createApp(services, { tls, timeouts, onTurn }, log)
  const sockets = new OpenSockets()
  setupUpgrades(app.server, { services, clock, log, sockets, agents, operators, chance })
  await indexDevices(store)
  await indexSessions(store)
  await presence.start()
  await deviceSessions.resume()
  await enforcement.start()
  await cutOffs.start()
  runDispatch.start()
  webhookSender.start()
  retention.start()
  await auditExport.start()
  await ledger.endJoinedBefore(signer.revokedBeforeMs ?? 0)
  const onRotated = () => {
    agents.notifyAll({ type: 'keys.changed', handovers: [...signer.handovers] })
    return ledger.endJoinedBefore(signer.revokedBeforeMs ?? 0)
  }
  const keyWatch = new KeyWatch({ keys: signer, clock, log, onRotated })
  await sealing.start()
  let isClosing = false
  let cancelPrune = clock.setTimer(prune, 0)
  function prune(): void {
    const nowMs = clock.nowMs()
    store
      .write(tx => tx.deleteStale(nowMs, nowMs - SIGN_IN_ABSOLUTE_MS))
      .catch(error => log.error({ err: error }, 'Ended sign-ins could not be deleted'))
      // Not before its end: a clock that jumps prunes once, not once for each hour that it left out.
      .finally(() => {
        if (!isClosing) cancelPrune = clock.setTimer(prune, PRUNE_INTERVAL_MS)
      })
  }

  let cancelStorageLook: () => void = () => undefined
  lookAtStorage()
  function lookAtStorage(): void {
    storage.keep()
    // A turn later: a clock that jumps asks once, not once for each interval.
    setImmediate(() => {
      if (!isClosing) cancelStorageLook = clock.setTimer(lookAtStorage, STORAGE_LOOK_INTERVAL_MS)
    })
  }

  let closing: Promise<void> | undefined
  const close = async () => {
    isClosing = true
    cancelPrune()
    cancelStorageLook()
    presence.close()
    enforcement.close()
    cutOffs.close()
    keyWatch.close()
    turn.close()
    paths.close()
    await Promise.all([sockets.close(CLOSE.goingAway, 'going away'), app.close()])
    deviceSessions.close()
    heldChanges.close()
    await runDispatch.close()
    ledger.close()
    await denied.close()
    await identity.logins.settled()
    await webhookSender.close()
    await retention.close()
    await auditExport.close()
    metrics.close()
    await sealing.close()
    await copies.close()
    await store.close()
  }
  const relay = {
    close: () => {
      closing ??= close()
      return closing
    },
  }
  try {
    const url = await listen(app, config)
    listeningUrl = url
    const secret = bootstrapSecret.current()
    if (secret !== null && secrets.bootstrapSecret === null)
      log.info({ file: bootstrapSecretFile }, 'No administrator yet: POST /v1/bootstrap with the secret of this file')
    log.info({ url, version: RELAY_VERSION, dataDir }, 'listening')
    return { ...relay, url, ...(secret !== null && { bootstrapSecret: secret }) }
  } catch (thrown) {
    await relay.close()
    throw thrown
  }
}

function prepareDataDir(path: string): string {
  const dataDir = resolve(path)
  try {
    mkdirSync(dataDir, { recursive: true, mode: 0o700 })
    accessSync(dataDir, constants.W_OK)
    return dataDir
  } catch (thrown) {
    throw new StartError(
      `The data folder ${dataDir} can't be written (${StartError.codeOf(thrown)}). Set HANDHOLD_RELAY_DATA_DIR to a folder of this user's.`,
      { cause: thrown },
    )
  }
}

async function listen(app: FastifyInstance, { host, port, tls }: RelayConfig): Promise<string> {
  try {
    await app.listen({ host, port, backlog: 1024, listenTextResolver: address => `HTTP at ${address}` })
  } catch (thrown) {
    const code = StartError.codeOf(thrown)
    const why = code === 'EADDRINUSE' ? `Port ${port} is taken` : `Listening on ${host}:${port} failed (${code})`
    throw new StartError(`${why}. Set HANDHOLD_RELAY_PORT (and HANDHOLD_RELAY_HOST) to a free one.`, { cause: thrown })
  }
  const { address, port: actualPort, family } = app.server.address() as AddressInfo
  return `${tls ? 'https' : 'http'}://${family === 'IPv6' ? `[${address}]` : address}:${actualPort}`
}

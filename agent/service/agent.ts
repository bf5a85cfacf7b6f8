import { randomBytes } from 'node:crypto'
import { join } from 'node:path'
import type { PassVerificationKey } from '#protocol/keys.ts'
import type { ProofClaims } from '#protocol/proof.ts'
import { toDisplayLine } from '#protocol/text.ts'
import { levelOf } from '#protocol/tools/tools.ts'
import { PROTOCOL_VERSION } from '#protocol/version.ts'
import type { AgentToRelay } from '#protocol/wire/agent.ts'
import type { DeviceInventory } from '#protocol/wire/inventory.ts'
import type { DeviceFactsWire } from '#protocol/wire/views.ts'
import manifest from '../../package.json' with { type: 'json' }
import { openConsentWindow } from '../consent/consent-window.ts'
import { WindowFolders } from '../consent/window-folder.ts'
import { type Clock, systemClock } from '../links/clock.ts'
import type { DesktopTarget } from '../links/host-link.ts'
import type { DeskState, DeviceFacts } from '../platform/platform.ts'
import { accountNameOf, environmentOfAccount, readAccounts } from './children/accounts.ts'
import { childEnvironment } from './children/environment.ts'
import type { AgentPrograms } from './children/programs.ts'
import type { AgentConfig, AgentSecrets } from './config/config.ts'
import { ensureEnrolled } from './enrolment/ensure.ts'
import { HelpDesk } from './help/help-desk.ts'
import { openHelpSocket } from './help/help-socket.ts'
import { InventoryReports } from './inventory-reports.ts'
import type { Logger } from './log.ts'
import { Receipts } from './receipts/receipts.ts'
import { RecordingRetention } from './recording-retention.ts'
import { RelayLink } from './relay-link/relay-link.ts'
import { RunRecords } from './scripts/run-records.ts'
import { ScriptPerson } from './scripts/script-person.ts'
import { ScriptLauncher } from './scripts/script-process.ts'
import { ScriptRuns } from './scripts/script-runs.ts'
import { openDenials } from './sessions/denials.ts'
import { HostLauncher } from './sessions/host-process.ts'
import { SessionSupervisor } from './sessions/supervisor.ts'
import { nextBoot } from './state/boots.ts'
import { openIdentityStore } from './state/identity.ts'
import { PinnedKeys } from './state/pinned-keys.ts'
import { rememberRemoval, wipeState } from './state/removal.ts'
import { HelperLauncher } from './tools/helper-process.ts'
import { OrganisationTrust } from './trust/organisation-trust.ts'
import { type BootClock, systemBootClock } from './unattended/boot-clock.ts'
import { lockDesktop } from './unattended/desktop-lock.ts'
import { KioskWindow } from './unattended/kiosk-screen.ts'
import { UnattendedNotice } from './unattended/notice.ts'
import type { DoorTimes } from './unattended/times.ts'
import { Unattended } from './unattended/unattended.ts'
import { NO_DISPLAYS, type SessionDisplays, VirtualDisplays } from './unattended/virtual-display.ts'
import { wake } from './wake/wake.ts'

export interface AgentOptions {
  readonly config: AgentConfig
  readonly secrets: AgentSecrets
  readonly programs: AgentPrograms
  /** Which implementation the hosts use; `fake` is for compositions in tests. */
  readonly platform: DesktopTarget['platform']
  readonly facts: DeviceFacts
  readonly readInventory: () => Promise<DeviceInventory>
  readonly readDesk: (uid: number | undefined) => Promise<DeskState>
  readonly environment: Readonly<Record<string, string | undefined>>
  readonly log: Logger
  readonly clock?: Clock
  readonly bootClock?: BootClock
  /** How long a door without a person may stay as it is; default: the product's. */
  readonly doorTimes?: DoorTimes
  /** Where the program is that locks a desktop and signs out of it; default: systemd's place for it. */
  readonly loginctl?: string
  readonly random?: () => number
  /** Called with everything that the relay is told. */
  readonly onActivity?: () => void
}

/** Why an agent stopped by itself. `message` says the next step. */
export interface AgentStop {
  readonly cause: 'removed'
  readonly message: string
}

export interface Agent {
  readonly deviceId: string
  /** Resolves if the agent can't go on; never after `stop`. */
  readonly stopped: Promise<AgentStop>
  /** Ends sessions and the link; resolves when no child is left. Idempotent. */
  stop(): Promise<void>
}

/**
 * Enrols where that is needed and starts the agent. `signal` aborts the start only.
 * Rejects with `EnrolmentRefused`, an error about the state directory, or the signal's reason.
 */
export async function startAgent(options: AgentOptions, signal: AbortSignal): Promise<Agent> {
  const { config, secrets, log, clock = systemClock, random = randomFraction, onActivity } = options
  const store = openIdentityStore(config.stateDir, config.relayUrl)
  const facts = deviceFacts(options.facts)
  const { stateDir, organisationKey: configuredKey } = config
  const trust = await OrganisationTrust.open({ stateDir, configuredKey, clock, log })
  const onOrders = (orders: readonly string[]) => trust.takeAll(orders, 'enrolment')
  const how = { config, secrets, store, facts, random, log, onOrders }
  const { identity, enrolment } = await ensureEnrolled(how, signal)
  const boot = await nextBoot(config.stateDir)
  const receipts = new Receipts({
    stateDir: config.stateDir,
    deviceId: enrolment.deviceId,
    deviceKey: identity.publicKey,
    sign: claims => identity.signReceipt(claims),
    send: message => link.request(message),
    agentVersion: manifest.version,
    clock,
    log,
  })
  const denials = await openDenials(config.stateDir, clock)
  const pins = new PinnedKeys({
    pinned: enrolment.passKeys,
    clock,
    log,
    keep: async pinned => void (await store.enrol({ ...enrolment, passKeys: [...pinned] })),
  })
  const parts = {
    deviceId: enrolment.deviceId,
    passKeys: pins.current,
    clock,
    sign: (claims: ProofClaims<'transcript'>) => identity.sign('transcript', claims),
    newNonce: () => randomBytes(32).toString('base64url'),
    hosts: hostLauncher(options, clock),
    helpers: new HelperLauncher({
      programs: options.programs,
      environment: environmentOf(options),
      user: config.desktopUser,
      stateDir: config.stateDir,
      wine: config.wine,
      clock,
      log,
    }),
    log,
    send: (message: AgentToRelay) => {
      onActivity?.()
      return link.send(message)
    },
    request: (message: AgentToRelay) => link.request(message),
  }
  const followKeys = async (handovers: readonly string[]) => {
    await pins.follow(handovers)
    supervisor.renewLease()
  }
  const windowFolders = windowFoldersOf(options)
  await windowFolders?.sweep()
  const openWindow = windowOpener(options, windowFolders)
  const helpDesk = new HelpDesk({ clock, request: parts.request, who: accountNameOf(config.desktopUser?.uid) })
  const unattended = await Unattended.open({
    ...parts,
    stateDir: config.stateDir,
    bootClock: options.bootClock ?? systemBootClock(),
    screen: new KioskWindow({ openWindow, clock, onLine: line => log.warn({ part: 'kiosk' }, line) }),
    displays: sessionDisplays(options, clock),
    lockDesktop: how => lockDesktop(how, config.desktopUser?.uid, options.loginctl),
    systemdPid: options.environment.SYSTEMD_EXEC_PID,
    ...(options.doorTimes && { times: options.doorTimes }),
  })
  const notice = await UnattendedNotice.open({
    stateDir,
    organisation: enrolment.organisation,
    clock,
    log,
    readDesk: () => options.readDesk(config.desktopUser?.uid),
    hasDisplay: config.displayAddress !== null,
    openWindow,
  })
  const person = new ScriptPerson({
    clock,
    log,
    organisation: enrolment.organisation,
    denials,
    readDesk: () => options.readDesk(config.desktopUser?.uid),
    hasDisplay: config.displayAddress !== null,
    openWindow,
  })
  const scripts: ScriptRuns = new ScriptRuns({
    ...parts,
    rule: config.scripts,
    trust,
    isShut: () => unattended.isShut,
    records: await RunRecords.open(config.stateDir, clock),
    launcher: new ScriptLauncher({ ...options, environment: environmentOf(options), user: config.desktopUser, clock }),
    sign: claims => identity.sign('run', claims),
    isConnected: () => link.isConnected,
    userOf: tool => accountNameOf(levelOf(tool) === 'user' ? config.desktopUser?.uid : undefined),
    agree: run => person.agree(run),
  })
  const supervisor: SessionSupervisor = new SessionSupervisor({
    ...parts,
    denials,
    admit: request => trust.admit(request, enrolment.deviceId),
    admitFurther: (request, scopes) => trust.admitFurther(request, scopes),
    admitSecondPerson: () => trust.admitSecondPerson(),
    openWindow,
    receipts,
    withoutConsent: config.withoutConsent,
    readDesk: () => options.readDesk(config.desktopUser?.uid),
    helpAskedAtMs: operatorId => helpDesk.askedAtMs(operatorId),
    beginUnattended: (request, listener) => unattended.begin(request, listener),
  })
  trust.onChanged(() => {
    void supervisor.admitAgain()
    void scripts.admitAgain()
  })
  const stopped = Promise.withResolvers<AgentStop>()
  const link: RelayLink = new RelayLink({
    relayUrl: config.relayUrl,
    proxy: secrets.proxy,
    clock,
    random,
    log,
    makeHello: async nonce => ({
      type: 'agent.hello',
      protocolVersion: PROTOCOL_VERSION,
      deviceId: enrolment.deviceId,
      proof: await identity.sign('device', { deviceId: enrolment.deviceId, nonce }),
      facts,
      owner: config.owner,
      boot,
      sessions: supervisor.states(),
      runs: scripts.ids(),
    }),
    onWelcome: async (hello, welcome) => {
      onActivity?.()
      await pins.follow(welcome.handovers)
      reports.handleWelcome()
      recordings.handleWelcome(welcome.recordingDays ?? null)
      supervisor.statesReported(hello.sessions)
      unattended.handleWelcome()
      if (welcome.unattended !== undefined) void notice.handlePolicy(welcome.unattended)
      receipts.relayIsBack()
      scripts.relayIsBack()
      warnAboutOtherKeys(pins.current(), welcome.passKeys, log)
    },
    onMessage: async message => {
      if (message.type === 'session.request') notice.handleRequest(message.request.unattended !== undefined)
      else if (message.type === 'script.run') notice.close()
      if (message.type === 'unattended.allow') await unattended.allow()
      else if (message.type === 'device.wake') await wake(message.order)
      else if (message.type === 'help.changed') helpDesk.handleNews(message.help)
      else if (message.type === 'organisation.order') await trust.take(message.order, 'relay')
      else if (message.type === 'keys.changed') await followKeys(message.handovers)
      else if (message.type === 'script.run') await scripts.take(message.run)
      else if (message.type === 'script.stop') scripts.stop(message.runId)
      else await supervisor.handle(message)
    },
    onProblem: thrown => log.warn({ problem: messageOf(thrown) }, 'a message was refused'),
    onQuarantined: () => {
      void supervisor.endAll('policy-revoked')
      void scripts.endAll()
    },
    onRemoved: () => void forget().then(() => stopped.resolve({ cause: 'removed', message: REMOVED })),
  })
  // Before anybody can ask for anything: what an earlier run left open is within its time, or it is shut.
  await scripts.resume()
  await unattended.resume(make => supervisor.adopt(make))
  const recordings = new RecordingRetention({ folder: join(config.stateDir, 'recordings'), clock, log })
  const reports = new InventoryReports({
    read: async () => ({ ...(await options.readInventory()), hasRegistry: parts.helpers.offers('registry') }),
    send: message => link.send(message),
    clock,
    log,
  })
  await receipts.resume()
  const closeHelpSocket = await openHelp(options, helpDesk)
  link.start()
  log.info({ device: enrolment.deviceId, organisation: enrolment.organisation.name }, 'agent started')
  let stopping: Promise<void> | undefined
  /** Nobody's device any more. */
  const forget = async () => {
    notice.close()
    await supervisor.close('policy-revoked')
    await scripts.close()
    await unattended.finish()
    // A write that is under way would bring back what is wiped.
    await Promise.all([unattended.settled, notice.settled, receipts.settled(), closeHelpSocket()])
    await store.wipe()
    const left = await wipeState(stateDir)
    if (left.length > 0) log.error({ left }, 'The device was removed, and a part of what it kept could not be.')
    await rememberRemoval(stateDir, secrets.enrolmentToken)
  }
  return {
    deviceId: enrolment.deviceId,
    stopped: stopped.promise,
    stop() {
      // Sessions first: the relay is told how they ended.
      reports.stop()
      recordings.stop()
      notice.close()
      void closeHelpSocket()
      stopping ??= supervisor
        .close('agent-failed')
        .then(() => scripts.close())
        .then(() => unattended.settled)
        .then(() => notice.settled)
        .then(() => receipts.settled())
        .then(() => link.stop())
      return stopping
    },
  }
}

const REMOVED =
  'This device was removed from its organisation. Its key is wiped. To use it again, set a new enrolment token and start the agent.'

/** A device whose person can't ask from here is still one that can be helped. */
async function openHelp({ config, log }: AgentOptions, desk: HelpDesk): Promise<() => Promise<void>> {
  try {
    return await openHelpSocket({ path: config.helpSocket, owner: config.desktopUser, desk })
  } catch (thrown) {
    log.warn({ problem: messageOf(thrown), path: config.helpSocket }, 'nobody can ask for help at this device')
    return async () => undefined
  }
}

function hostLauncher(options: AgentOptions, clock: Clock): HostLauncher {
  const { config, secrets, programs, platform, log } = options
  return new HostLauncher({
    proxy: secrets.proxy,
    programs,
    environment: desktopEnvironmentOf(options),
    user: config.desktopUser,
    target: { platform, displayAddress: config.displayAddress },
    relayUrl: config.relayUrl,
    clock,
    log,
  })
}

function sessionDisplays(options: AgentOptions, clock: Clock): SessionDisplays {
  const { config, platform, log } = options
  if (config.displayAddress !== null || platform !== 'linux') return NO_DISPLAYS
  return new VirtualDisplays({
    environment: desktopEnvironmentOf(options),
    user: config.desktopUser,
    clock,
    onLine: line => log.warn({ part: 'display' }, line),
  })
}

function windowOpener(
  options: AgentOptions,
  folders: WindowFolders | undefined,
): ConstructorParameters<typeof SessionSupervisor>[0]['openWindow'] {
  const { config, programs } = options
  const command = config.consentCommand ?? programs.consent
  const environment = desktopEnvironmentOf(options)
  return handlers =>
    openConsentWindow({ command, environment, user: config.desktopUser, folder: folders?.next(), ...handlers })
}

/** Windows has other places for a program's files, and removes them by itself. */
function windowFoldersOf(options: AgentOptions): WindowFolders | undefined {
  if (process.platform === 'win32') return undefined
  const { desktopUser: user, stateDir } = options.config
  return new WindowFolders({ environment: desktopEnvironmentOf(options), user, stateDir })
}

/** Of what runs as the desktop's user, who may be somebody else than the service. */
function desktopEnvironmentOf(options: AgentOptions): Record<string, string> {
  const { desktopUser } = options.config
  const account = desktopUser && readAccounts().find(({ uid }) => uid === desktopUser.uid)
  if (!account) return environmentOf(options)
  return environmentOf({ ...options, environment: { ...options.environment, ...environmentOfAccount(account) } })
}

const environmentOf = ({ environment, config }: AgentOptions) =>
  childEnvironment({ own: environment, displayAddress: config.displayAddress, platform: process.platform })

const deviceFacts = (facts: DeviceFacts): DeviceFactsWire => ({
  hostname: toDisplayLine(facts.hostname, 64),
  platform: facts.platform,
  osName: toDisplayLine(facts.osName, 120),
  agentVersion: manifest.version,
})

/** Trust is what was pinned; a relay whose keys changed is for the administrator to look at. */
function warnAboutOtherKeys(
  pinned: readonly PassVerificationKey[],
  offered: readonly PassVerificationKey[],
  log: Logger,
): void {
  const known = new Set(pinned.map(key => key.x))
  if (offered.some(key => !known.has(key.x))) {
    log.warn(
      'The relay signs passes with keys that this device did not pin; such passes are refused. Enrol it again if that is meant to be.',
    )
  }
}

const messageOf = (thrown: unknown): string => (thrown instanceof Error ? thrown.message : String(thrown))

const randomFraction = (): number => randomBytes(6).readUIntBE(0, 6) / 2 ** 48

import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { idFromBytes } from '#protocol/ids.ts'
import { PASS } from '#protocol/pass.ts'
import { signProof } from '#protocol/proof.ts'
import { signToken } from '#protocol/trust/token.ts'
import type { JoinSecret, UnattendedOrder } from '#protocol/unattended/wire.ts'
import type { AgentToRelay, SessionRequest } from '#protocol/wire/agent.ts'
import type { Paths } from '#protocol/wire/paths.ts'
import type { HostToService, ServiceToHost } from '../agent/links/host-link.ts'
import { createLogger } from '../agent/service/log.ts'
import { unattendedFile } from '../agent/service/unattended/state.ts'
import { Unattended } from '../agent/service/unattended/unattended.ts'
import { NO_DISPLAYS } from '../agent/service/unattended/virtual-display.ts'
import { type Attempt, WayIn } from '../src/main/sessions/unattended/way-in.ts'
import { makeTestKey, type TestKey } from './keys.ts'
import { ManualClock } from './manual-clock.ts'
import { makeNonce } from './relay.ts'

const id = (kind: 'device' | 'session' | 'organisation', fill: number) =>
  idFromBytes(kind, new Uint8Array(16).fill(fill))

/** A host that connects when the test says so. */
export interface RigHost {
  say(message: HostToService): void
  die(): void
  /** What the service said to it. */
  readonly told: ServiceToHost[]
  isStopped: boolean
}

/** Unattended access of one device, with its real state file, hosts in memory and a clock of the test's; and the operator who asks. */
export class UnattendedRig {
  /** Another one from the next start on where the device was enrolled anew meanwhile. */
  deviceId: string = id('device', 1)
  readonly stateDir: string
  readonly clock = new ManualClock(1_800_000_000_000)
  readonly sent: AgentToRelay[] = []
  readonly hosts: RigHost[] = []
  readonly lockings: string[] = []
  readonly operator: TestKey
  readonly device: TestKey
  readonly wayIn: WayIn
  readonly #relay: TestKey
  /** What a person did to the wall clock. */
  wallOffsetMs = 0
  /** How far the relay's clock is from the right time. */
  relayOffsetMs = 0
  bootId = 'boot-1'
  #bootedAtMs = this.clock.nowMs() - 5_000
  isRelayThere = true
  unattended!: Unattended
  session: ReturnType<Unattended['begin']> | undefined
  #sessions = 0
  readonly #watchers = new Set<() => void>()
  #isCrashed = { value: false }

  private constructor(
    stateDir: string,
    { operator, device, relay }: Record<'operator' | 'device' | 'relay', TestKey>,
    wayIn: WayIn,
  ) {
    this.stateDir = stateDir
    this.operator = operator
    this.device = device
    this.#relay = relay
    this.wayIn = wayIn
  }

  static async open(): Promise<UnattendedRig> {
    const [operator, device, relay] = await Promise.all([makeTestKey(), makeTestKey(), makeTestKey()])
    const deviceId = id('device', 1)
    const wayIn = await WayIn.create(key =>
      signProof('seal', { deviceId, key }, operator.privateKey, operator.publicKey),
    )
    const stateDir = await mkdtemp(join(tmpdir(), 'handhold-unattended-'))
    const rig = new UnattendedRig(stateDir, { operator, device, relay }, wayIn)
    await rig.start()
    return rig
  }

  /** A start of the agent on the state that there is. */
  async start(): Promise<void> {
    const run = { value: false }
    this.#isCrashed = run
    this.session = undefined
    const { clock } = this
    this.unattended = await Unattended.open({
      stateDir: this.stateDir,
      deviceId: this.deviceId,
      passKeys: () => [{ ...this.#relay.publicKey, kid: 'k1' }],
      // What an earlier run left in the clock's timers is gone with it.
      clock: {
        wallMs: () => clock.nowMs() + this.wallOffsetMs,
        monotonicMs: clock.nowMs,
        setTimer: (work, delayMs) => clock.setTimer(() => run.value || work(), delayMs),
      },
      bootClock: { bootId: this.bootId, sinceBootMs: () => clock.nowMs() - this.#bootedAtMs },
      newNonce: makeNonce,
      sign: claims => signProof('transcript', claims, this.device.privateKey, this.device.publicKey),
      hosts: { launch: (onMessage, onDied) => this.#launch(onMessage, onDied) },
      displays: NO_DISPLAYS,
      screen: { show: () => Promise.resolve(), clear: () => Promise.resolve() },
      lockDesktop: async how => {
        this.lockings.push(how)
        this.#notify()
      },
      log: createLogger('silent' as never),
      helpers: {
        launch: () => {
          throw new Error('this device has no helper')
        },
        offers: () => true,
      },
      send: message => this.#hear(message),
      request: () => Promise.reject(new Error('nobody acknowledges anything here')),
    })
    await this.unattended.resume(make => {
      this.session = make(this.#listener())
      return this.session
    })
  }

  /** The agent's process is gone, as by kill -9: nothing is said any more, and what it was writing is written or not. */
  async crash(): Promise<void> {
    this.#isCrashed.value = true
    await this.unattended.settled
  }

  /** Resolves once `isSo`: asked now, after whatever the device says or does, and after each writing of its state. */
  async until(isSo: () => boolean): Promise<void> {
    while (!isSo()) {
      const said = new Promise<void>(resolve => {
        const watcher = () => {
          this.#watchers.delete(watcher)
          resolve()
        }
        this.#watchers.add(watcher)
      })
      await said
    }
  }

  /** Time passes; what that begins has reached the disk when it resolves. */
  async pass(ms: number): Promise<void> {
    this.clock.advance(ms)
    await this.unattended.settled
  }

  /** The machine is started anew, `offMs` later. */
  async reboot(offMs: number): Promise<void> {
    await this.crash()
    this.bootId = `${this.bootId}+`
    this.clock.set(this.clock.nowMs() + offMs)
    this.#bootedAtMs = this.clock.nowMs()
  }

  async close(): Promise<void> {
    await this.crash()
    await rm(this.stateDir, { recursive: true, force: true })
  }

  async request(order: Partial<UnattendedOrder> = {}): Promise<SessionRequest> {
    const { publicKey } = this.operator
    const { thumbprintOf } = await import('#protocol/keys.ts')
    return {
      sessionId: id('session', ++this.#sessions),
      operator: { id: 'user_12345678', name: 'Olga Operator', email: 'olga@example.org' },
      organisation: { id: id('organisation', 1), name: 'Example Ltd' },
      reason: 'The kiosk shows an error',
      ticket: null,
      scopes: ['view', 'control'],
      operatorKeyThumbprint: await thumbprintOf(publicKey),
      consentTimeoutMs: 30_000,
      durationMs: 3_600_000,
      matchCommitment: null,
      unattended: {
        sealKey: this.wayIn.sealKey,
        delivery: 'operator',
        endLock: 'off',
        lengthMs: 3_600_000,
        approvedBy: null,
        maintenanceScreen: false,
        blockLocalInput: false,
        ...order,
      },
    }
  }

  begin(request: SessionRequest): void {
    this.session = this.unattended.begin(request, this.#listener())
  }

  /** Up to the password, which the operator's app opens. */
  async issue(order: Partial<UnattendedOrder> = {}): Promise<string> {
    const request = await this.request(order)
    this.begin(request)
    const issued = await this.event('otp-issued')
    if (!issued.otp?.sealed) throw new Error('nothing was sealed')
    return this.wayIn.open(issued.otp.sealed, request.sessionId)
  }

  /** The newest event of this type that was said of the present session. */
  async event(type: string): Promise<Extract<AgentToRelay, { type: 'session.event' }>> {
    const find = () =>
      this.sent.findLast(
        message =>
          message.type === 'session.event' &&
          message.event.type === type &&
          message.sessionId === this.session?.request.sessionId,
      )
    await this.until(() => find() !== undefined)
    const found = find()
    if (found?.type !== 'session.event') throw new Error(`no ${type} was said`)
    return found
  }

  async #subject(kind: 'otp-issued' | 'lingering') {
    const { request } = this.#present()
    const { agentNonce, otp } = await this.event(kind)
    const passId = makeNonce().slice(0, 22)
    const { sessionId, scopes, operatorKeyThumbprint, operator, organisation } = request
    const nowS = Math.floor((this.clock.nowMs() + this.relayOffsetMs) / 1000)
    const pass = await signToken(
      PASS,
      {
        ...{ iss: PASS.issuer, aud: this.deviceId, sub: operator.id, org: organisation.id, sid: sessionId, scopes },
        ...{ jti: passId, iat: nowS, nbf: nowS, exp: nowS + 900, cnf: { jkt: operatorKeyThumbprint } },
      },
      'k1',
      this.#relay.privateKey,
    )
    const claims = { sessionId, deviceId: this.deviceId, agentNonce: agentNonce ?? '' }
    const proof = await signProof('join', claims, this.operator.privateKey, this.operator.publicKey)
    const subject = { ...claims, operatorKeyThumbprint, passId, scopes }
    return { pass, proof, subject, salt: otp?.salt ?? '' }
  }

  /** A join with this password, ready to be sent. */
  async withPassword(password: string): Promise<{ join: Joining; attempt: Attempt }> {
    const { pass, proof, subject, salt } = await this.#subject('otp-issued')
    const attempt = await this.wayIn.withPassword(password, salt, subject)
    return { join: { pass, proof, secret: attempt.secret }, attempt }
  }

  async withResumeKey(): Promise<{ join: Joining; attempt: Attempt }> {
    const { pass, proof, subject } = await this.#subject('lingering')
    const attempt = this.wayIn.withResumeKey(subject)
    return { join: { pass, proof, secret: attempt.secret }, attempt }
  }

  /** A join with bytes that no key made. */
  async withNonsense(kind: JoinSecret['kind'] = 'password'): Promise<Joining> {
    const { pass, proof } = await this.#subject(kind === 'password' ? 'otp-issued' : 'lingering')
    return { pass, proof, secret: { kind, proof: makeNonce() } }
  }

  /** In with the password, and connected. */
  async enter(password: string): Promise<RigHost> {
    const { join, attempt } = await this.withPassword(password)
    await this.#present().join(join)
    attempt.accepted()
    return this.connected()
  }

  connected(): RigHost {
    const host = this.hosts.at(-1)
    if (!host) throw new Error('no host was started')
    host.say({ type: 'peer-connected', proofMs: 1 })
    return host
  }

  stateText(): Promise<string> {
    return readFile(unattendedFile(this.stateDir), 'utf8').catch(() => '')
  }

  #present() {
    if (!this.session) throw new Error('there is no session')
    return this.session
  }

  #listener() {
    return {
      send: (message: AgentToRelay) => this.#hear(message),
      onTornDown: () => undefined,
    }
  }

  #hear(message: AgentToRelay): boolean {
    const isHeard = this.isRelayThere && this.sent.push(message) > 0
    // What waits looks at the session's state, which is the new one already.
    queueMicrotask(() => this.#notify())
    return isHeard
  }

  #notify(): void {
    for (const watcher of [...this.#watchers]) watcher()
  }

  #launch(onMessage: (message: HostToService) => void, onDied: (why: string) => void) {
    const run = this.#isCrashed
    const host: RigHost = {
      say: message => run.value || onMessage(message),
      die: () => onDied('SIGKILL'),
      told: [],
      isStopped: false,
    }
    this.hosts.push(host)
    return {
      pid: 4_000_000 + this.hosts.length,
      send: (message: ServiceToHost) => void host.told.push(message),
      setPaths: (paths: Paths) =>
        void host.told.push({ type: 'set-paths', relayUrl: 'https://relay.example.org', paths }),
      tell: () => undefined,
      stop: () => {
        host.isStopped = true
        this.#notify()
        return Promise.resolve()
      },
    }
  }
}

export interface Joining {
  readonly pass: string
  readonly proof: string
  readonly secret: JoinSecret
}

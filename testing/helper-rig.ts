import { mkdtemp, readdir, rm } from 'node:fs/promises'
import type { Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pino } from 'pino'
import type { WireError } from '#protocol/errors.ts'
import { thumbprintOf } from '#protocol/keys.ts'
import type { ToolReport } from '#protocol/tools/audit.ts'
import { FrameReader, toFrame } from '#protocol/tools/frames.ts'
import type { GrantClaims } from '#protocol/tools/grant.ts'
import { LEASE_FRESH_MS } from '#protocol/tools/limits.ts'
import { type HelperTools, OUTPUT } from '#protocol/tools/messages.ts'
import { TOOLS, type Tool, type ToolLevel } from '#protocol/tools/tools.ts'
import type { ShownPart } from '#protocol/tools/watch/shown.ts'
import { WATCH, type WatchClaims } from '#protocol/tools/watch/statement.ts'
import { systemClock } from '../agent/links/clock.ts'
import type { HelperBegin } from '../agent/links/helper-link.ts'
import { HelperLauncher, type HelperProcess } from '../agent/service/tools/helper-process.ts'
import { WatchKey } from '../src/main/watches/watch-key.ts'
import { HelperTokens } from './helper-tokens.ts'
import { sourceProgram } from './source-program.ts'
import { waitFor } from './wait-for.ts'

export interface HelperRigOptions {
  readonly level?: ToolLevel
  readonly user?: { readonly uid: number; readonly gid: number }
  readonly tools?: readonly Tool[]
  /** Whether the audit takes what is reported. */
  readonly keepsReports?: boolean
  readonly wine?: HelperBegin['wine']
}

/** A real helper, started as the service starts it, and in the place of relay and operator: this. */
export class HelperRig {
  readonly messages: HelperTools[] = []
  /** What reached the second person. */
  readonly shown: ShownPart[] = []
  readonly reports: ToolReport[] = []
  /** How many terminals were said to be recorded, in their order. */
  readonly recorded: number[] = []
  /** Who the person at the device was told looks on. */
  readonly toldWatchers: (string | null)[] = []
  keepsReports: boolean
  /** What the relay says where it doesn't keep them. */
  why: WireError | undefined
  hasDied = false
  /** Lines of the agent's log. */
  readonly logged: string[] = []
  readonly #stateDir: string
  readonly #tokens: HelperTokens
  readonly #reader = new FrameReader()
  #helper: HelperProcess | undefined
  #watchKey: WatchKey | undefined
  #renewal: ReturnType<typeof setInterval> | undefined
  #output = ''
  outputBytes = 0
  #requests = 0

  private constructor(stateDir: string, tokens: HelperTokens, { keepsReports = true }: HelperRigOptions) {
    this.#stateDir = stateDir
    this.#tokens = tokens
    this.keepsReports = keepsReports
  }

  static async start(options: HelperRigOptions = {}): Promise<HelperRig> {
    const stateDir = await mkdtemp(join(tmpdir(), 'handhold-helper-'))
    const rig = new HelperRig(stateDir, await HelperTokens.create(options.level), options)
    await rig.#launch(options)
    return rig
  }

  get pid(): number {
    return this.#helper?.pid ?? 0
  }

  get socket(): Socket {
    if (!this.#helper) throw new Error('the helper was not started')
    return this.#helper.peer
  }

  /** All output of terminals so far. */
  get output(): string {
    return this.#output
  }

  send(message: object | Uint8Array): void {
    const bytes = message instanceof Uint8Array ? message : Buffer.from(JSON.stringify(message))
    this.socket.write(toFrame(bytes))
  }

  /** The next message, among those that came already too, for which `matches` holds. */
  async message<K extends HelperTools['type']>(
    type: K,
    matches: (message: Extract<HelperTools, { type: K }>) => boolean = () => true,
  ): Promise<Extract<HelperTools, { type: K }>> {
    type Wanted = Extract<HelperTools, { type: K }>
    const find = () => this.messages.find((said): said is Wanted => said.type === type && matches(said as Wanted))
    await waitFor(`the message ${type}`, () => find() !== undefined, 20_000)
    return find() as Wanted
  }

  async printed(text: string | RegExp, timeoutMs = 12_000): Promise<void> {
    await waitFor(
      `the terminal to print ${text}`,
      () => (typeof text === 'string' ? this.#output.includes(text) : text.test(this.#output)),
      timeoutMs,
    ).catch(cause => {
      throw new Error(`it printed: ${JSON.stringify(this.#output.slice(-800))}`, { cause })
    })
  }

  /** What an honest grant says. */
  get claims(): GrantClaims {
    return this.#tokens.claims
  }

  readonly grant: HelperTokens['grant'] = (change, key) => this.#tokens.grant(change, key)
  readonly proof: HelperTokens['proof'] = (grantId, key) => this.#tokens.proof(grantId, key)

  /** Gives one, and again long before it is old, as the relay does: what a test takes is no matter. */
  async lease(scopes?: readonly string[]): Promise<void> {
    clearInterval(this.#renewal)
    const give = async () => {
      const lease = await this.#tokens.lease(scopes)
      if (this.#renewal === renewal) this.#helper?.send({ type: 'lease', lease })
    }
    const renewal = setInterval(() => void give(), LEASE_FRESH_MS / 3)
    this.#renewal = renewal
    await give()
  }

  dropLease(): void {
    clearInterval(this.#renewal)
    this.#renewal = undefined
    this.#helper?.send({ type: 'lease', lease: null })
  }

  setPaused(paused: boolean): void {
    this.#helper?.send({ type: 'set-paused', paused })
  }

  /** What the person agrees to from now on. */
  setTools(tools: readonly Tool[]): void {
    this.#helper?.send({ type: 'set-tools', tools: [...tools] })
  }

  /** Unlocks a tool as an honest operator does. */
  async unlock(tool: Tool = this.claims.tool): Promise<void> {
    this.send({ type: 'unlock', tool, grant: await this.grant({ tool }), proof: await this.proof() })
    await this.message('state', state => state.tool === tool && state.isUnlocked)
  }

  /** Opens a shell and returns its number. */
  async open(shell: 'bash' | 'sh' = 'sh', tool: Tool = this.claims.tool): Promise<number> {
    const request = ++this.#requests
    this.send({ type: 'open', tool, request, shell, columns: 100, rows: 30 })
    const { terminal } = (await this.message('opened', message => message.request === request)).terminal
    return terminal
  }

  type(terminal: number, data: string, tool: Tool = this.claims.tool): void {
    this.send({ type: 'input', tool, terminal, data })
  }

  /** One beat of a second person's app, with the relay's word for them; `seen` is the last part that they saw. */
  async watch(change: Partial<WatchClaims> = {}, seen = this.shown.at(-1)?.sequence ?? 0): Promise<void> {
    this.#watchKey ??= await WatchKey.create()
    const { publicKey, sealKey } = this.#watchKey
    const { aud, sid } = this.claims
    const iat = Math.floor(Date.now() / 1000)
    const claims: WatchClaims = {
      ...{ iss: WATCH.issuer, aud, sub: 'user_87654321', label: 'Rosa Lindt <rosa@example.org>', sid },
      ...{ tools: [...TOOLS], cnf: { jkt: await thumbprintOf(publicKey) }, seal: sealKey },
      ...{ iat, exp: iat + 30, ...change },
    }
    const statement = await this.#tokens.sign(WATCH, claims)
    const proof = await this.#watchKey.beat(sid, this.#tokens.agentNonce, { elevated: seen, user: seen })
    this.#helper?.send({ type: 'watch', statement, proof })
  }

  /** What the second person saw, as text. */
  get shownText(): string {
    return this.shown.flatMap(({ messages }) => messages.map(message => Buffer.from(message).toString('utf8'))).join('')
  }

  recordings(): Promise<string[]> {
    return readdir(this.recordingsDir)
  }

  get recordingsDir(): string {
    return join(this.#stateDir, 'recordings', this.#folder)
  }

  #folder = 'elevated'

  stop(): Promise<void> {
    clearInterval(this.#renewal)
    return this.#helper?.stop() ?? Promise.resolve()
  }

  async close(): Promise<void> {
    await this.stop()
    this.socket.destroy()
    await rm(this.#stateDir, { recursive: true, force: true })
  }

  async #launch({ level = 'elevated', user, tools, wine }: HelperRigOptions): Promise<void> {
    if (user && level === 'user') this.#folder = `user-${user.uid}`
    else if (level === 'user') this.#folder = 'user'
    const launcher = new HelperLauncher({
      programs: { helper: sourceProgram(new URL('../agent/helper/main.ts', import.meta.url)) },
      environment: { PATH: '/usr/bin:/bin', LANG: 'C.UTF-8' },
      user,
      stateDir: this.#stateDir,
      wine,
      clock: systemClock,
      log: pino({ level: 'info' }, { write: line => void this.logged.push(line) }),
    })
    const begin = this.#tokens.begin(tools)
    this.#helper = launcher.launch(begin, {
      onReport: (id, report) => {
        this.reports.push(report)
        this.#helper?.send({ type: 'reported', id, isKept: this.keepsReports, why: this.why })
      },
      onShown: sealed => void this.#watchKey?.open(sealed, begin.sessionId).then(part => this.shown.push(part)),
      onRecording: terminals => this.recorded.push(terminals),
      onWatcher: watcher => this.toldWatchers.push(watcher),
      onDied: () => {
        this.hasDied = true
      },
    })
    this.socket.on('data', (chunk: Buffer) => this.#receive(chunk))
    await this.lease()
  }

  #receive(chunk: Buffer): void {
    for (const message of this.#reader.push(chunk) ?? []) {
      if (message[0] === OUTPUT) {
        this.outputBytes += message.length - 2
        this.#output = (this.#output + Buffer.from(message.subarray(2)).toString('utf8')).slice(-400_000)
      } else this.messages.push(JSON.parse(Buffer.from(message).toString('utf8')) as HelperTools)
    }
  }
}

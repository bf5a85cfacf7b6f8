import { meReplySchema } from '#protocol/http.ts'
import { scriptReplySchema } from '#protocol/scripts/http.ts'
import { type RunView, scriptRunReplySchema } from '#protocol/scripts/runs-http.ts'
import type { ScriptDefinition, ScriptValues } from '#protocol/scripts/script.ts'
import { type OrderWish, signRunOrder } from '../src/main/scripts/order.ts'
import { readOutput } from '../src/main/scripts/output.ts'
import { type OutputKey, openOutputKey } from '../src/main/scripts/output-key.ts'
import { makeTestKey, type TestKey } from './keys.ts'
import { memorySecrets } from './memory-secrets.ts'
import { TestPolicy } from './policy.ts'
import type { TestRelay, TestReply } from './relay.ts'

/** What the operator's app does. */
export { readOutput, signRunOrder }

export interface OrderChange extends Partial<OrderWish> {
  readonly key?: TestKey
  readonly nowMs?: number
  readonly certificate?: string
}

/** An approved script on a relay whose devices may run some, and whoever orders it: the first administrator, with the keys of an app. */
export class TestScripts {
  readonly relay: TestRelay
  readonly token: string
  /** Who approved the script. */
  readonly second: string
  readonly policy: TestPolicy
  readonly script: { readonly id: string; readonly digest: string; readonly definition: ScriptDefinition }
  readonly key: TestKey
  readonly output: OutputKey
  readonly #me: { readonly operatorId: string; readonly organisationId: string }

  private constructor(
    made: Omit<TestScripts, 'policy' | 'order' | 'start' | 'answer' | 'view' | 'cancel'>,
    me: { operatorId: string; organisationId: string },
  ) {
    this.relay = made.relay
    this.token = made.token
    this.second = made.second
    this.policy = new TestPolicy(made.relay, made.token)
    this.script = made.script
    this.key = made.key
    this.output = made.output
    this.#me = me
  }

  static async approved(
    relay: TestRelay,
    change: Partial<ScriptDefinition> = {},
    roleId: string | null = null,
    approver = 'rosa@example.org',
  ): Promise<TestScripts> {
    const token = await relay.signIn()
    const definition = { tool: 'shell', program: 'sh', text: 'echo hello', parameters: [], ...change }
    const body = { name: 'Say hello', description: 'Greets', definition, roleId }
    const { script } = scriptReplySchema.parse((await relay.call('POST', '/v1/scripts', { token, body })).body)
    const second = await relay.signIn(await relay.addOperator(token, approver, 'admin'))
    await relay.call('POST', `/v1/scripts/${script.id}/approve`, { token: second })
    const { user, organisation } = meReplySchema.parse((await relay.call('GET', '/v1/me', { token })).body)
    const output = await openOutputKey(memorySecrets(), { origin: relay.url, userId: user.id })
    const scripts = new TestScripts(
      { relay, token, second, script, key: await makeTestKey(), output },
      { operatorId: user.id, organisationId: organisation.id },
    )
    await scripts.policy.set(await scripts.policy.rootId(), { unattended: true, scripts: 'tell' })
    return scripts
  }

  /** The body of an order as an app makes it; what isn't changed is right. */
  async order(
    deviceIds: readonly string[],
    { key = this.key, nowMs = Date.now(), certificate, ...change }: OrderChange = {},
  ) {
    const { digest, definition } = this.script
    const values: ScriptValues = {}
    const said = {
      digest,
      tool: definition.tool,
      values,
      reason: 'The disks fill up',
      timeLimitS: 60,
      sealKey: this.output.publicKey,
      waitMs: 3_600_000,
    }
    const order = await signRunOrder(key, { ...this.#me, ...said, deviceIds, ...change }, nowMs)
    return { scriptId: this.script.id, deviceIds, order, ...(certificate && { certificate }) }
  }

  async start(deviceIds: readonly string[], change?: OrderChange): Promise<TestReply> {
    const body = await this.order(deviceIds, change)
    return this.relay.call('POST', '/v1/script-runs', { token: this.token, body })
  }

  /** Somebody else's word about it. */
  answer(runId: string, approve: boolean, token = this.second): Promise<TestReply> {
    return this.relay.call('POST', `/v1/script-runs/${runId}/answer`, { token, body: { approve } })
  }

  async view(runId: string): Promise<RunView> {
    const reply = await this.relay.call('GET', `/v1/script-runs/${runId}`, { token: this.token })
    return scriptRunReplySchema.parse(reply.body).run
  }

  async cancel(runId: string): Promise<TestReply> {
    return this.relay.call('POST', `/v1/script-runs/${runId}/cancel`, { token: this.token })
  }
}

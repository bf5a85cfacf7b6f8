import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { startTestAgent } from './agent.ts'
import { TestPolicy } from './policy.ts'
import { TestRelay } from './relay.ts'
import { UnattendedOperator } from './unattended-operator.ts'

// A relay, a device and an operator on one address, for a network that a test makes around this program. It says when the two ends are connected.
const [, , address = ''] = process.argv
const stateDir = await mkdtemp(join(tmpdir(), 'handhold-ipv6-'))
const relay = await TestRelay.start({ config: { host: address } })
const token = await relay.signIn()
const policy = new TestPolicy(relay, token)
await policy.set(await policy.rootId(), { unattended: true })
const agent = await startTestAgent({
  ...{ relayUrl: relay.url, stateDir, enrolmentToken: await relay.mintEnrolmentToken(token) },
  environment: { XDG_RUNTIME_DIR: stateDir },
})
await agent.line('the relay is connected')
const { device } = JSON.parse(await agent.line('"agent started"')) as { device: string }
const operator = await UnattendedOperator.ask(relay, token, { deviceId: device })
await operator.enter(await operator.withPassword(await operator.password()))
// There is no display here; that the device can say so is the connection.
await operator.peer.message('control', message => JSON.stringify(message).includes('"unavailable"'))
console.log('connected')
await operator.end()
await operator.reached('closed')
await operator.close()
await agent.stop()
await relay.close()
await rm(stateDir, { recursive: true, force: true })
process.exit()

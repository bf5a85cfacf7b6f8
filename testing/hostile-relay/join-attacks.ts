import { randomBytes } from 'node:crypto'
import { idFromBytes } from '#protocol/ids.ts'
import type { Scope } from '#protocol/session/scopes.ts'
import type { SessionState } from '#protocol/session/state.ts'
import type { SessionView } from '#protocol/wire/views.ts'
import { makeTestKey } from '../keys.ts'
import type { Recording } from './recording.ts'
import type { Attack, HostileSession } from './session.ts'

const nonce = () => randomBytes(32).toString('base64url')

interface Join {
  readonly pass: string
  readonly proof: string
}

/** The person agreed to an honest request, and the relay joins in the operator's stead. */
const joins = (name: string, make: (session: HostileSession, agentNonce: string) => Promise<Join>): Attack => ({
  name,
  run: async session => {
    const { sessionId } = await session.ask()
    const { agentNonce } = await session.granted()
    await session.rig.relay.send({ type: 'session.join', sessionId, ...(await make(session, agentNonce)) })
  },
})

/** Lies about the session that reach the operator's app while everything else is honest. */
const tells = (name: string, lie: (view: SessionView) => Promise<Partial<SessionView>>): Attack => ({
  name: `tells the operator of ${name}`,
  run: session => session.honest(lie),
})

const granted = (scopes: Scope[], untilMs: number): SessionState => ({ name: 'granted', scopes, untilMs })
const endOf = ({ state }: SessionView): number => ('untilMs' in state ? state.untilMs : 0)

/** What a relay can do that has the real signing key of passes, but not the operator's session key. */
export const joinAttacks = (recorded: Recording): readonly Attack[] => [
  {
    name: 'joins a session that nobody was asked for',
    run: async ({ rig }) => {
      const sessionId = idFromBytes('session', randomBytes(16))
      const proof = await rig.relay.proof(sessionId, nonce())
      await rig.relay.send({ type: 'session.join', sessionId, pass: await rig.relay.pass({ sessionId }), proof })
    },
  },
  {
    name: 'joins before the person has answered',
    run: async session => {
      const { rig } = session
      const key = await makeTestKey()
      const { sessionId } = await session.ask({ operatorKeyThumbprint: key.thumbprint })
      const pass = await rig.relay.pass({ sessionId, boundTo: key.publicKey })
      const proof = await rig.relay.proof(sessionId, nonce(), key)
      await rig.relay.send({ type: 'session.join', sessionId, pass, proof })
    },
  },
  joins('joins with pass and proof of an earlier session', async () => ({
    pass: recorded.pass ?? '',
    proof: recorded.proof ?? '',
  })),
  joins('mints a pass and uses a proof of an earlier session', async ({ rig, sessionId, key }) => ({
    pass: await rig.relay.pass({ sessionId, boundTo: key.publicKey }),
    proof: recorded.proof ?? '',
  })),
  joins('mints a pass for another key than the person was asked for', async ({ rig, sessionId }, agentNonce) => {
    const other = await makeTestKey()
    const pass = await rig.relay.pass({ sessionId, boundTo: other.publicKey })
    return { pass, proof: await rig.relay.proof(sessionId, agentNonce, other) }
  }),
  joins('mints a pass for the operator’s key and proves with its own', async ({ rig, sessionId, key }, agentNonce) => ({
    pass: await rig.relay.pass({ sessionId, boundTo: key.publicKey }),
    proof: await rig.relay.proof(sessionId, agentNonce, await makeTestKey()),
  })),
  tells('another key for a known device', async () => ({ deviceKey: (await makeTestKey()).publicKey })),
  tells('another grant', async () => ({ agentNonce: nonce() })),
  tells('another device', async () => ({ deviceId: idFromBytes('device', randomBytes(16)) })),
  tells('more scopes', async view => ({ state: granted([...view.scopes, 'shell'], endOf(view)) })),
  tells('a longer grant', async view => ({ state: granted(view.scopes, endOf(view) + 60_000) })),
]

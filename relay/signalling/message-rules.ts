import type { AgentToRelay } from '#protocol/wire/agent.ts'
import type { OperatorToRelay } from '#protocol/wire/operator.ts'

/** Who may send a message and what bounds it besides the socket's own limits. A message without a row doesn't compile. */
export interface MessageRule {
  readonly authn: 'bearer at upgrade' | 'device proof' | 'device proof in the message'
  readonly authz: string
  readonly limit: string
}

export const OPERATOR_MESSAGES: Record<OperatorToRelay['type'], MessageRule> = {
  'session.join': {
    authn: 'bearer at upgrade',
    authz: 'own session, unused pass, key of the pass',
    limit: 'one use of each pass, while granted or connecting',
  },
  'session.signal': {
    authn: 'bearer at upgrade',
    authz: 'own session that this socket joined',
    limit: '200 candidates for each connection, 1,000 connections for each session',
  },
  'session.match': { authn: 'bearer at upgrade', authz: 'own session', limit: 'while the person is asked' },
  'watch.beat': {
    authn: 'bearer at upgrade',
    authz: 'live session of somebody else that this person watches and whose tools the policy gives them too',
    limit: 'the socket’s own',
  },
  'session.leave': {
    authn: 'bearer at upgrade',
    authz: 'own unattended session that is open',
    limit: 'the socket’s own',
  },
  'session.end': { authn: 'bearer at upgrade', authz: 'own session', limit: 'once' },
}

export const AGENT_MESSAGES: Record<AgentToRelay['type'], MessageRule> = {
  'agent.hello': {
    authn: 'device proof in the message',
    authz: 'enrolled device',
    limit: 'once, within 5 s, 20 sessions',
  },
  'session.event': {
    authn: 'device proof',
    authz: 'session of this device, events of an agent',
    limit: 'legal transitions',
  },
  'session.match': { authn: 'device proof', authz: 'session of this device', limit: 'while the person is asked' },
  'session.dropped': { authn: 'device proof', authz: 'live session of this device', limit: 'once for each kind, 40' },
  'session.turn': { authn: 'device proof', authz: 'live session of this device', limit: 'the socket’s' },
  'session.signal': {
    authn: 'device proof',
    authz: 'session of this device that an operator joined',
    limit: '200 candidates for each session',
  },
  'session.lease-request': {
    authn: 'device proof',
    authz: 'live session of this device whose operator the policy still permits',
    limit: 'the socket’s own',
  },
  'session.tool': { authn: 'device proof', authz: 'session of this device', limit: 'the socket’s' },
  'session.watched': {
    authn: 'device proof',
    authz: 'session of this device',
    limit: 'the socket’s, 15,500 characters',
  },
  'session.receipt': {
    authn: 'device proof',
    authz: 'session of this device, signed by its key',
    limit: '20 for each session, in their order',
  },
  'session.teardown': { authn: 'device proof', authz: 'unattended session of this device', limit: 'recorded once' },
  'script.report': {
    authn: 'device proof',
    authz: 'run of this device, its end signed by its key',
    limit: 'the socket’s own; 24 parts of 15,267 characters for each run, each replaced as it grows',
  },
  'help.ask': { authn: 'device proof', authz: 'this device', limit: '6 each quarter of an hour; one at a time' },
  'help.withdraw': { authn: 'device proof', authz: 'this device', limit: 'recorded once' },
  'unattended.off': { authn: 'device proof', authz: 'this device', limit: 'recorded once until it is allowed again' },
  'device.inventory': { authn: 'device proof', authz: 'its own record', limit: 'one each half minute' },
}

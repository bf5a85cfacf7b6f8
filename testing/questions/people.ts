import type { Writer } from '../../relay/domain/store.ts'
import { GROUP, KEY, NOW_MS, ORGANISATION, OTHER, ROOT, USER } from './names.ts'

/** Organisations, people, and how they sign in. */
export async function askOfPeople(tx: Writer): Promise<void> {
  for (const [id, name] of [
    [ORGANISATION, 'Example'],
    [OTHER, 'Other'],
  ] as const)
    await tx.insertOrganisation({ id, name }, NOW_MS)
  const account = { organisationId: ORGANISATION, name: 'Ada', passwordHash: 'hash', role: 'admin', atMs: 1 } as const
  await tx.insertUser({ ...account, id: USER, email: 'ada@example.org' })
  await tx.insertUser({ ...account, id: 'usr_2', email: 'eve@example.org', isElsewhere: true })
  await tx.hasUsers()
  await tx.userByEmail('ada@example.org')
  await tx.organisation(ORGANISATION)
  const { identity } = tx
  await identity.person(USER)
  await identity.people(ORGANISATION)
  await identity.isMember(ORGANISATION, 'ada@example.org')
  await identity.setRole('usr_2', 'operator')
  await identity.setDisabled('usr_2', NOW_MS)
  await identity.setPassword(USER, 'hash', NOW_MS)
  await askOfSigningIn(tx)
  await askOfSecondFactors(tx)
  await askOfInvitations(tx)
  await askOfProviders(tx)
  const key = { id: 'key_1', organisationId: ORGANISATION, name: 'Key', prefix: 'k', scopes: [], createdAtMs: 1 }
  await identity.insertApiKey({ ...key, expiresAtMs: 2 * NOW_MS, keyHash: 'hash', userId: USER })
  await identity.apiKeys(ORGANISATION, NOW_MS)
  await identity.apiKey('hash', NOW_MS)
  await identity.setApiKeyUsed('key_1', NOW_MS)
  await identity.revokeApiKey('key_1', ORGANISATION, NOW_MS)
  await identity.removePerson('usr_2', NOW_MS)
}

async function askOfSigningIn(tx: Writer): Promise<void> {
  const login = { userId: USER, method: 'password', address: '::1', client: 'test', atMs: NOW_MS }
  for (const name of ['1', '2', '3'])
    await tx.identity.insertLogin({ ...login, id: name, tokenHash: name, expiresAtMs: 2 * NOW_MS })
  await tx.login('1')
  await tx.identity.loginsOf(USER)
  await tx.identity.setLoginAuthenticated('1', NOW_MS)
  await tx.extendLogin('1', 2 * NOW_MS, NOW_MS)
  await tx.deleteLogin('1')
  await tx.identity.deleteLogins(USER, '2')
  await tx.identity.deleteLogins(USER, null)
  await tx.identity.countFailure('account', 5, NOW_MS, 60_000)
  await tx.identity.takeBackFailure('account')
  const kind = 'second-factor'
  const challenge = { ticketHash: 'ticket', kind, userId: USER, data: '', expiresAtMs: 2 * NOW_MS } as const
  await tx.identity.insertChallenge(challenge)
  await tx.identity.challenge('ticket', kind, NOW_MS)
  await tx.identity.failChallenge('ticket', 5)
  await tx.identity.takeChallenge('ticket', kind, NOW_MS)
  await tx.identity.setPasswordReset(USER, 'hash', 2 * NOW_MS)
  await tx.identity.passwordReset('hash', NOW_MS)
  await tx.identity.deletePasswordReset(USER)
}

async function askOfSecondFactors({ identity }: Writer): Promise<void> {
  await identity.setTotp(USER, 'sealed')
  await identity.totp(USER)
  await identity.confirmTotp(USER, NOW_MS)
  await identity.spendTotpStep(USER, 1)
  await identity.setRecoveryCodes(USER, ['1', '2'])
  await identity.recoveryCodesLeft(USER)
  await identity.spendRecoveryCode(USER, '1')
  await identity.deleteTotp(USER)
  const passkey = { id: 'pky_1', userId: USER, credentialId: 'credential', publicKey: 'key', counter: 0 }
  await identity.insertPasskey({ ...passkey, transports: [], name: 'Mine', createdAtMs: NOW_MS })
  await identity.passkeys(USER)
  await identity.passkeyByCredential('credential')
  // biome-ignore lint/correctness/useHookAtTopLevel: it is no hook, its name begins like one
  await identity.usePasskey('pky_1', 0, 1, NOW_MS)
  await identity.deletePasskey('pky_1', USER)
}

async function askOfInvitations({ identity }: Writer): Promise<void> {
  const times = { createdAtMs: NOW_MS, expiresAtMs: 2 * NOW_MS }
  const invitation = { organisationId: ORGANISATION, email: 'new@example.org', role: 'operator', ...times } as const
  await identity.insertInvitation({ ...invitation, id: 'inv_1', tokenHash: 'hash', createdBy: 'Ada' })
  await identity.invitation('hash', NOW_MS)
  await identity.invitations(ORGANISATION, NOW_MS)
  await identity.takeInvitation('hash')
  await identity.deleteInvitation('inv_1', ORGANISATION)
}

async function askOfProviders({ identity }: Writer): Promise<void> {
  const client = { clientId: 'client', sealedClientSecret: 'sealed', createsAccounts: true }
  const provider = { organisationId: ORGANISATION, issuer: 'https://example.org', ...client, domains: ['example.org'] }
  await identity.setProvider(provider, NOW_MS)
  await identity.provider(ORGANISATION)
  await identity.providerOfDomain('example.org')
  await identity.insertSsoAccount(ORGANISATION, 'https://example.org', 'ada', USER)
  await identity.ssoAccount(ORGANISATION, 'https://example.org', 'ada')
  const flow = { ticketHash: 'ticket', stateHash: 'state', organisationId: ORGANISATION, sealedChecks: 'sealed' }
  await identity.insertBrowserFlow({ ...flow, expiresAtMs: 2 * NOW_MS })
  await identity.browserFlow({ ticketHash: 'ticket' }, NOW_MS)
  await identity.browserFlow({ stateHash: 'state' }, NOW_MS)
  await identity.completeBrowserFlow('state', { userId: USER, codeHash: 'code' })
  await identity.completeBrowserFlow('state', null)
  await identity.failBrowserFlow('ticket', 5)
  await identity.takeBrowserFlow('ticket', 'code')
  await identity.deleteProvider(ORGANISATION)
}

/** Who may do what where, and the organisation's own key. */
export async function askOfPolicy({ policy, trust }: Writer): Promise<void> {
  await policy.insertGroup(ORGANISATION, { id: GROUP, parentId: ROOT, name: 'Near' })
  await policy.insertGroup(ORGANISATION, { id: 'grp_gone', parentId: ROOT, name: 'Gone' })
  await policy.updateGroup({ id: GROUP, parentId: ROOT, name: 'Nearer' })
  await policy.insertRole(ORGANISATION, { id: 'rol_1', name: 'Looker', capabilities: ['view'] })
  await policy.updateRole(ORGANISATION, { id: 'rol_1', name: 'Looker', capabilities: [] })
  const assignment = { userId: USER, roleId: 'rol_1', groupId: GROUP, effect: 'allow' } as const
  await policy.insertAssignment(ORGANISATION, { ...assignment, id: 'asg_1' })
  await policy.setSetting(ORGANISATION, GROUP, 'unattended', true)
  await policy.setSetting(ORGANISATION, GROUP, 'unattended', undefined)
  await policy.version(ORGANISATION)
  await policy.rows(ORGANISATION)
  await policy.members(ORGANISATION)
  await policy.organisations()
  await policy.hasDevices(GROUP)
  await policy.devicesByName(ORGANISATION, 'pc')
  await policy.deleteAssignment('asg_1')
  await policy.deleteRole(ORGANISATION, 'rol_1')
  await policy.deleteGroup({ id: 'grp_gone', parentId: ROOT, name: 'Gone' })
  const order = { organisationId: ORGANISATION, sequence: 1, statement: 'order', isHandOver: false, atMs: NOW_MS }
  await trust.insertOrder(order)
  await trust.orders(ORGANISATION)
  await trust.insertKey({ userId: USER, thumbprint: 'thumb', key: KEY, computer: 'pc', atMs: NOW_MS }, 5)
  await trust.keysOf(USER)
  await trust.keysOfOrganisation(ORGANISATION)
  await trust.ownerOf(ORGANISATION, 'thumb', USER)
  await trust.deviceIds(ORGANISATION)
  await trust.setCertificate(USER, 'thumb', 'certificate')
  await trust.forget(ORGANISATION)
}

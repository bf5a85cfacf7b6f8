import { signStatement } from '#protocol/trust/signed.ts'
import { SESSION_ENDORSEMENT, type SessionEndorsement } from '#protocol/trust/strict/endorsement.ts'
import { OPERATOR_CERTIFICATE, type OperatorCertificate } from '#protocol/trust/strict/operator-certificate.ts'
import type { OperatorChain } from '#protocol/trust/strict/operator-chain.ts'
import { ORGANISATION_ORDER, type OrganisationOrder } from '#protocol/trust/strict/organisation-order.ts'
import type { OrganisationView, UserView } from '#protocol/wire/views.ts'
import { makeTestKey, type TestKey } from './keys.ts'

const DAY_MS = 24 * 60 * 60_000

export type OrderChange = Partial<OrganisationOrder> & { readonly by?: TestKey }
export type CertificateChange = Partial<OperatorCertificate> & { readonly by?: TestKey }
export type EndorsementChange = Partial<SessionEndorsement> & { readonly by?: TestKey }

/** What of a session its operator's key vouches for. */
export type EndorsedSession = Pick<SessionEndorsement, 'deviceId' | 'sessionKey' | 'scopes' | 'reason' | 'ticket'>

/** An organisation with its key, and one operator with the key of their app. Everything it signs is right unless a change says otherwise. */
export interface StrictOrganisation {
  readonly key: TestKey
  readonly operatorKey: TestKey
  order(change?: OrderChange): Promise<string>
  certificate(change?: CertificateChange): Promise<string>
  chain(
    session: EndorsedSession,
    certificate?: CertificateChange,
    endorsement?: EndorsementChange,
  ): Promise<OperatorChain>
}

export async function makeStrictOrganisation(
  organisation: OrganisationView,
  operator: UserView,
  nowMs: () => number = Date.now,
): Promise<StrictOrganisation> {
  const key = await makeTestKey()
  const operatorKey = await makeTestKey()
  const made: StrictOrganisation = {
    key,
    operatorKey,

    order({ by = key, ...change } = {}) {
      const validity = { issuedAtMs: nowMs() - DAY_MS, validUntilMs: nowMs() + 30 * DAY_MS }
      const said = { version: 1, organisationId: organisation.id, sequence: 1, strict: true, nextKey: null } as const
      const claims: OrganisationOrder = { ...said, revoked: [], ...validity, ...change }
      return signStatement(ORGANISATION_ORDER, claims, by.privateKey, by.publicKey)
    },

    certificate({ by = key, ...change } = {}) {
      const validity = { issuedAtMs: nowMs() - 1000, notBeforeMs: nowMs() - 1000, expiresAtMs: nowMs() + 30 * DAY_MS }
      const claims: OperatorCertificate = {
        version: 1,
        organisation,
        operator,
        key: operatorKey.publicKey,
        scopes: ['view', 'control'],
        unattended: true,
        sequence: 1,
        ...validity,
        ...change,
      }
      return signStatement(OPERATOR_CERTIFICATE, claims, by.privateKey, by.publicKey)
    },

    async chain(session, certificate = {}, { by = operatorKey, ...endorsement } = {}) {
      const claims: SessionEndorsement = { version: 1, unattended: false, ...session, ...endorsement }
      return {
        certificate: await made.certificate(certificate),
        endorsement: await signStatement(SESSION_ENDORSEMENT, claims, by.privateKey, by.publicKey),
      }
    },
  }
  return made
}

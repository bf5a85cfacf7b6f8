import type { CertifiedApp } from '#ipc/admin/trust.ts'
import { HandholdError } from '#protocol/errors.ts'
import { type Ed25519PublicJwk, thumbprintOf } from '#protocol/keys.ts'
import { SCOPES, type Scope } from '#protocol/session/scopes.ts'
import { TOOLS } from '#protocol/tools/tools.ts'
import { signStatement } from '#protocol/trust/signed.ts'
import { OPERATOR_CERTIFICATE, type OperatorCertificate } from '#protocol/trust/strict/operator-certificate.ts'
import { verifyCertificate } from '#protocol/trust/strict/operator-chain.ts'
import type { OperatorKeyView } from '#protocol/trust-http.ts'
import type { OrganisationView, UserView } from '#protocol/wire/views.ts'
import type { OrganisationPin } from './organisation-pin.ts'
import type { SeedKey } from './seed-key.ts'

type AppKey = OperatorKeyView & { readonly operator: UserView }

export interface CertificateGrant {
  readonly expiresAtMs: number
  readonly tools: boolean
  readonly unattended: boolean
}

const WITHOUT_TOOLS: Scope[] = SCOPES.filter(scope => !(TOOLS as readonly string[]).includes(scope))

/** By the organisation's key, for an app's key that its owner has read out. */
export function signCertificate(
  { key, sequence }: { readonly key: SeedKey; readonly sequence: number },
  what: {
    readonly view: AppKey
    readonly organisation: OrganisationView
    readonly grant: CertificateGrant
    readonly nowMs: number
  },
): Promise<string> {
  const { view, organisation, grant, nowMs } = what
  const claims: OperatorCertificate = {
    version: 1,
    organisation,
    operator: view.operator,
    key: view.key,
    scopes: grant.tools ? [...SCOPES] : WITHOUT_TOOLS,
    unattended: grant.unattended,
    sequence,
    issuedAtMs: nowMs,
    notBeforeMs: nowMs,
    expiresAtMs: grant.expiresAtMs,
  }
  return signStatement(OPERATOR_CERTIFICATE, claims, key.privateKey, key.publicKey)
}

/** An app as the administrator sees it: what the organisation's key says of it, not what the relay says. */
export async function appView(
  view: AppKey,
  pin: OrganisationPin | null,
  own: Ed25519PublicJwk | null,
  nowMs: number,
): Promise<CertifiedApp> {
  const app = {
    operator: view.operator,
    thumbprint: await thumbprintOf(view.key),
    computer: view.computer,
    registeredAtMs: view.registeredAtMs,
    isThisApp: own?.x === view.key.x,
  }
  const none = { expiresAtMs: null, tools: false, unattended: false }
  if (view.certificate === null || !pin) return { ...app, ...none, state: 'none' }
  try {
    const { claims } = await verifyCertificate(view.certificate, pin, nowMs)
    const isOwn = claims.key.x === view.key.x && claims.operator.id === view.operator.id
    if (!isOwn) return { ...app, ...none, state: 'invalid' }
    const tools = claims.scopes.length > WITHOUT_TOOLS.length
    // Name and id as the key certified them: the relay could show one person's name with another's id.
    return {
      ...app,
      operator: claims.operator,
      state: 'valid',
      expiresAtMs: claims.expiresAtMs,
      tools,
      unattended: claims.unattended,
    }
  } catch (thrown) {
    return { ...app, ...none, state: stateOf(thrown) }
  }
}

function stateOf(thrown: unknown): CertifiedApp['state'] {
  const code = thrown instanceof HandholdError ? thrown.code : ''
  return code === 'certificate-expired' ? 'expired' : code === 'certificate-revoked' ? 'revoked' : 'invalid'
}

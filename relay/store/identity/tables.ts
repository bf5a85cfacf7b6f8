/** The columns of the identity tables. JSON and base64url are kept as text, booleans as 0 and 1. */
export interface IdentityTables {
  login: {
    token_hash: string
    id: string
    user_id: string
    method: string
    address: string
    client: string
    created_at_ms: number
    authenticated_at_ms: number
    last_seen_at_ms: number
    expires_at_ms: number
  }
  sign_in_failure: { key: string; count: number; until_ms: number }
  challenge: {
    ticket_hash: string
    kind: string
    user_id: string | null
    data: string
    tries: number
    expires_at_ms: number
  }
  totp: { user_id: string; sealed_secret: string; confirmed_at_ms: number | null; last_step: number }
  recovery_code: { user_id: string; code_hash: string }
  passkey: {
    id: string
    user_id: string
    credential_id: string
    public_key: string
    counter: number
    transports: string
    name: string
    created_at_ms: number
    last_used_at_ms: number | null
  }
  invitation: {
    id: string
    organisation_id: string
    email: string
    role: 'admin' | 'operator'
    token_hash: string
    created_by: string
    created_at_ms: number
    expires_at_ms: number
  }
  password_reset: { user_id: string; token_hash: string; expires_at_ms: number }
  identity_provider: {
    organisation_id: string
    issuer: string
    client_id: string
    sealed_client_secret: string
    creates_accounts: number
    updated_at_ms: number
  }
  sso_domain: { domain: string; organisation_id: string }
  sso_account: { organisation_id: string; issuer: string; subject: string; user_id: string }
  browser_flow: {
    ticket_hash: string
    state_hash: string
    organisation_id: string | null
    sealed_checks: string
    code_hash: string | null
    user_id: string | null
    failed: number
    tries: number
    expires_at_ms: number
  }
  api_key: {
    id: string
    organisation_id: string
    user_id: string
    name: string
    prefix: string
    key_hash: string
    scopes: string
    created_at_ms: number
    expires_at_ms: number
    last_used_at_ms: number | null
    revoked_at_ms: number | null
  }
}

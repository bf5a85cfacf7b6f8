import type { Generated, GeneratedAlways } from 'kysely'
import type { DeviceStatus } from '#protocol/device-status.ts'
import type { HelpWay } from '#protocol/help/wire.ts'
import type { RunState } from '#protocol/scripts/runs-http.ts'
import type { IdentityTables } from './identity/tables.ts'

/** The columns of the database, in SQLite's types. JSON is kept as text. */
export interface Tables extends IdentityTables {
  organisation: { id: string; name: string; created_at_ms: number; policy_version: Generated<number> }
  device_group: { id: string; organisation_id: string; parent_id: string | null; name: string }
  role: { organisation_id: string; id: string; name: string; capabilities: string }
  role_assignment: {
    id: string
    organisation_id: string
    user_id: string | null
    role_id: string
    group_id: string
    effect: 'allow' | 'deny'
  }
  group_setting: { organisation_id: string; group_id: string; key: string; value: string }
  user: {
    id: string
    name: string
    email: string
    created_at_ms: number
    removed_at_ms: Generated<number | null>
    disabled_at_ms: Generated<number | null>
    shown_email: Generated<string | null>
  }
  credential: { user_id: string; password_hash: string; updated_at_ms: number }
  member: { user_id: string; organisation_id: string; role: 'admin' | 'operator' }
  enrolment_token: {
    id: string
    organisation_id: string
    token_hash: string
    uses_left: number
    expires_at_ms: number
    created_by: string
    name: string
    max_uses: number
    group_id: string
    networks: string
    approval: number
    created_at_ms: number
    revoked_at_ms: number | null
  }
  device: {
    id: string
    organisation_id: string
    name: string
    facts: string
    key: string
    key_thumbprint: string
    enrolment_token_hash: string
    enrolled_at_ms: number
    last_seen_at_ms: number | null
    removed_at_ms: number | null
    /** Set by the database to the root group where an insert leaves it out. */
    group_id: string | null
    status: Generated<DeviceStatus>
    status_reason: Generated<string | null>
    status_since_ms: Generated<number>
    owner: Generated<string | null>
    boot_id: Generated<string | null>
    boot_count: Generated<number>
    /** 0 while it is connected. */
    away: Generated<number>
    name_key: Generated<string>
    is_indexed: Generated<number>
    platform: GeneratedAlways<string>
    os_key: GeneratedAlways<string>
    seen_rank: GeneratedAlways<number>
  }
  session_search: { number: Generated<number>; session_id: string; text: string }
  device_search: { number: Generated<number>; device_id: string; text: string }
  device_tag: { organisation_id: string; tag: string; device_id: string }
  device_note: { id: string; device_id: string; author_id: string; author_name: string; at_ms: number; text: string }
  device_inventory: { device_id: string; inventory: string; at_ms: number }
  device_network: { organisation_id: string; network: string; device_id: string }
  presence_span: { id: Generated<number>; device_id: string; from_ms: number; to_ms: number | null }
  relay_pulse: { one: number; at_ms: number }
  saved_filter: { id: string; organisation_id: string; user_id: string; name: string; filter: string }
  session: {
    id: string
    organisation_id: string
    device_id: string
    operator_id: string
    reason: string
    ticket: string | null
    scopes: string
    operator_key_thumbprint: string
    state: string
    state_name: string
    state_since_ms: number
    agent_nonce: string | null
    is_indexed: Generated<number>
    requested_at_ms: number
    joins: number
    consent_timeout_ms: number
    duration_max_ms: number
    match_commitment: string | null
    /** Where the device was when the session was asked for. */
    group_id: Generated<string | null>
    granted_at_ms: Generated<number | null>
    connected_at_ms: Generated<number | null>
    ended_at_ms: Generated<number | null>
    end_reason: Generated<string | null>
    unattended: string | null
    operator_chain: string | null
    refusal: Generated<string | null>
    beside: Generated<string | null>
    credential_hash: string | null
    skips_consent: Generated<number>
    without_chat: Generated<number>
    unasked: Generated<string | null>
    note: Generated<string | null>
    noted_at_ms: Generated<number | null>
    note_changed_at_ms: Generated<number | null>
  }
  organisation_order: {
    organisation_id: string
    sequence: number
    statement: string
    is_hand_over: number
    kept_at_ms: number
  }
  operator_key: {
    user_id: string
    thumbprint: string
    key: string
    computer: string
    registered_at_ms: number
    certificate: string | null
  }
  idempotency: {
    principal: string
    key: string
    request_hash: string
    sealed_reply: string | null
    expires_at_ms: number
  }
  script: {
    id: string
    organisation_id: string
    name: string
    description: string
    definition: string
    digest: string
    author_id: string
    author: string
    created_at_ms: number
    approved_by: string | null
    approved_at_ms: number | null
    role_id: string | null
  }
  script_run: {
    id: string
    organisation_id: string
    operator_id: string
    operator: string
    script_id: string
    script_name: string
    digest: string
    definition: string
    script_values: string
    time_limit_s: number
    signed_order: string
    certificate: string | null
    ordered_by: string
    started_at_ms: number
    expires_at_ms: number
    role_id: string | null
    reason: string
  }
  script_run_device: {
    run_id: string
    device_id: string
    device_name: string
    device_key: string
    state: RunState
    why: string | null
    sent_at_ms: number | null
    started_at_ms: number | null
    ended_at_ms: number | null
    result: string | null
    proof: string | null
    approved_by: string | null
    output_bytes: Generated<number>
  }
  script_run_output: { run_id: string; device_id: string; part: number; sealed: string }
  webhook: {
    id: string
    organisation_id: string
    url: string
    events: string
    description: string
    sealed_secret: string
    sealed_old_secret: string | null
    old_secret_until_ms: number | null
    created_at_ms: number
  }
  webhook_delivery: {
    id: string
    webhook_id: string
    event_id: string
    type: string
    payload: string
    created_at_ms: number
    status: 'waiting' | 'delivered' | 'dead'
    attempts: Generated<number>
    next_at_ms: number | null
    last_status: Generated<number | null>
    last_error: Generated<string | null>
    organisation_id: string | null
    replayed_at_ms: Generated<number | null>
  }
  /** The first row after the clock was set back. */
  audit_clock: { organisation_id: string; sequence: number }
  retention: {
    organisation_id: string
    audit_days: number | null
    history_days: number | null
    recording_days: number | null
  }
  help_request: {
    device_id: string
    id: string
    organisation_id: string
    way: HelpWay
    code_digest: string | null
    who: string
    words: string
    asked_at_ms: number
    until_ms: number
  }
  audit_export: { target: string; sequence: number }
  unattended_off: { device_id: string; since_ms: number }
  pass: { jti: string; session_id: string; expires_at_ms: number; used: number }
  receipt: { session_id: string; number: number; receipt: string; kept_at_ms: number }
  audit_head: { id: Generated<number>; chain: string; position: number; statement: string }
  audit_copy: { target: string; head_id: number }
  audit_tombstone: { chain: string; position: number; statement: string }
  audit: {
    chain: string
    position: number
    hash: string
    sequence: Generated<number>
    organisation_id: string | null
    at_ms: number
    actor: string
    action: string
    subject: string
    detail: string
  }
}

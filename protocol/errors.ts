import { z } from 'zod'

/** Every refusal that crosses a boundary. Codes are stable: programs decide by them, logs and documents name them. */
const ERROR_CODES = [
  'already-bootstrapped',
  'asked-too-often',
  'audit-unavailable',
  'backup-invalid',
  'bad-frame',
  'bad-request',
  'bootstrap-secret-wrong',
  'certificate-expired',
  'certificate-invalid',
  'certificate-required',
  'certificate-revoked',
  'connect-timeout',
  'device-busy',
  'device-offline',
  'device-pending',
  'device-quarantined',
  'enrolment-token-invalid',
  'forbidden',
  'frame-too-large',
  'grant-invalid',
  'group-cycle',
  'group-in-use',
  'hello-timeout',
  'help-code-invalid',
  'idempotency-in-flight',
  'idempotency-mismatch',
  'idempotency-unfinished',
  'identity-changed',
  'illegal-transition',
  'internal',
  'last-administrator',
  'lease-invalid',
  'lease-stale',
  'link-closed',
  'link-invalid',
  'name-taken',
  'not-found',
  'organisation-key-changed',
  'organisation-order-expired',
  'organisation-order-stale',
  'otp-burnt',
  'otp-wrong',
  'pass-expired',
  'pass-invalid',
  'pass-key-mismatch',
  'pass-wrong-device',
  'pass-wrong-session',
  'passphrase-wrong',
  'password-weak',
  'policy-denied',
  'policy-invalid',
  'process-changed',
  'process-protected',
  'proof-invalid',
  'protocol-version',
  'rate-limited',
  'registry-changed',
  'registry-too-large',
  'registry-unreadable',
  'relay-unreachable',
  'role-built-in',
  'role-exceeds-author',
  'second-person-away',
  'second-person-needed',
  'session-closed',
  'sign-in-failed',
  'signature-invalid',
  'sso-failed',
  'sso-unavailable',
  'step-up-required',
  'storage-full',
  'timeout',
  'too-many-candidates',
  'tool-locked',
  'tool-unavailable',
  'unattended-locked',
  'unattended-off',
  'unauthenticated',
] as const

export const errorCodeSchema = z.enum(ERROR_CODES)
export type ErrorCode = z.infer<typeof errorCodeSchema>

/** The shape of a refusal on the wire, HTTP and sockets alike. `message` is for people and says the next step. */
export const wireErrorSchema = z.object({ code: errorCodeSchema, message: z.string().max(500) })
export type WireError = z.infer<typeof wireErrorSchema>

/** A refusal with a stable code. `message` may be shown to people; internals belong in `cause`, which never leaves the program. */
export class HandholdError extends Error {
  readonly code: ErrorCode

  constructor(code: ErrorCode, message: string, options?: ErrorOptions) {
    super(message, options)
    this.name = 'HandholdError'
    this.code = code
  }

  toWire(): WireError {
    return { code: this.code, message: this.message.slice(0, 500) }
  }

  static fromWire(error: WireError): HandholdError {
    return new HandholdError(error.code, error.message)
  }
}

/** What may be said of any thrown value to a peer: a HandholdError as it is, everything else as `internal` without a word of what it was. */
export function toWireError(thrown: unknown): WireError {
  if (thrown instanceof HandholdError) return thrown.toWire()
  return { code: 'internal', message: 'Something failed on the other side. Try again; its log says more.' }
}

import type { ErrorCode, WireError } from '#protocol/errors.ts'
import { type Problem, problemType } from '#protocol/problem.ts'

/** Status and title of each code, wherever it comes from. A title never changes with the occurrence. */
export const PROBLEMS: Readonly<Record<ErrorCode, readonly [status: number, title: string]>> = {
  'already-bootstrapped': [409, 'The relay has its first administrator'],
  'bad-frame': [400, 'The message is not of the protocol'],
  'bad-request': [400, 'The request is not valid'],
  'bootstrap-secret-wrong': [403, 'The bootstrap secret is wrong'],
  'connect-timeout': [504, 'The connection took too long'],
  'device-busy': [409, 'The device has a session'],
  'device-offline': [409, 'The device is offline'],
  'device-pending': [403, 'The device waits for approval'],
  'device-quarantined': [403, 'The device is quarantined'],
  'enrolment-token-invalid': [403, 'The enrolment token is not valid'],
  forbidden: [403, 'Not allowed'],
  'frame-too-large': [413, 'Too large'],
  'group-cycle': [409, 'A group would be beneath itself'],
  'group-in-use': [409, 'The group is in use'],
  'hello-timeout': [408, 'No hello in time'],
  'illegal-transition': [409, 'The session is not in a state for this'],
  internal: [500, 'Something failed in the relay'],
  'last-administrator': [409, 'An administrator must be left'],
  'lease-invalid': [401, 'The lease of the session is not valid'],
  'link-closed': [502, 'The connection is gone'],
  'link-invalid': [403, 'The link is not valid'],
  'name-taken': [409, 'The name is taken'],
  'not-found': [404, 'Not found'],
  'pass-expired': [401, 'The access pass is too old'],
  'pass-invalid': [401, 'The access pass is not valid'],
  'pass-key-mismatch': [401, 'The key is not the one that was named'],
  'pass-wrong-device': [403, 'The access pass is for another device'],
  'pass-wrong-session': [403, 'The access pass is for another session'],
  'password-weak': [400, 'The password is too weak'],
  'policy-denied': [403, 'The policy does not allow it'],
  'policy-invalid': [400, 'The policy is not valid'],
  'proof-invalid': [403, 'The proof is not valid'],
  'protocol-version': [400, 'The versions do not fit'],
  'rate-limited': [429, 'Too many requests'],
  'relay-unreachable': [502, 'The relay is not reachable'],
  'role-built-in': [409, 'The role is built in'],
  'role-exceeds-author': [403, 'More than its author may give'],
  'session-closed': [409, 'The session is closed'],
  'sign-in-failed': [401, 'The sign-in failed'],
  'sso-failed': [403, 'Single sign-on failed'],
  'sso-unavailable': [404, 'No single sign-on'],
  'step-up-required': [401, 'A fresh proof of identity is wanted'],
  timeout: [504, 'It took too long'],
  'too-many-candidates': [429, 'Too many candidates'],
  unauthenticated: [401, 'Not signed in'],
}

/** The refusal as it leaves. `status` is given where HTTP itself knows better than the code. */
export function problemOf({ code, message }: WireError, status = PROBLEMS[code][0]): Problem {
  return { type: problemType(code), title: PROBLEMS[code][1], status, detail: message, code }
}

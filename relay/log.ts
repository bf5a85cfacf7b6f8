import { type DestinationStream, type Logger, pino } from 'pino'

const SECRET_KEYS = [
  ...[
    'authorization',
    'token',
    'password',
    'currentPassword',
    'newPassword',
    'secret',
    'clientSecret',
    'pass',
    'proof',
  ],
  ...['cookie', 'ticket', 'recoveryCode', 'recoveryCodes'],
]

/** JSON lines on stdout. What may be a credential is blotted out on the first three levels of whatever is logged. */
export function createLog(level: string, destination?: DestinationStream): Logger {
  const paths = SECRET_KEYS.flatMap(key => [key, `*.${key}`, `*.*.${key}`])
  const options = { level, base: { program: 'handhold-relay' }, redact: { paths, censor: '[redacted]' } }
  return destination ? pino(options, destination) : pino(options)
}

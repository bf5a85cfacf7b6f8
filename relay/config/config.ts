import { z } from 'zod'
import { retentionSetting } from '#protocol/retention-http.ts'

const text = z.string().min(1)

/** What the relay is told at its start. Secrets are not in here, so that this can be logged. */
export const configSchema = z.strictObject({
  host: text.default('127.0.0.1'),
  port: z.coerce.number().int().min(0).max(65_535).default(7443),
  dataDir: text.default('handhold-relay-data'),
  /** Where people and devices reach the relay, when that differs from host and port. */
  publicUrl: z
    .url({ protocol: /^https?$/ })
    .nullable()
    .default(null),
  logLevel: z.enum(['silent', 'fatal', 'error', 'warn', 'info', 'debug']).default('info'),
  /** How many reverse proxies in front of the relay add to `X-Forwarded-For`; 0 never reads it. */
  trustedProxyHops: z.coerce.number().int().min(0).max(8).default(0),
  /** How long things are kept where an organisation doesn't say; null keeps them. */
  auditDays: retentionSetting('audit'),
  historyDays: retentionSetting('other'),
  recordingDays: retentionSetting('other'),
  /** Where every row of the audit is copied to. */
  auditExport: z
    .url({ protocol: /^(tcp|tls|file|stdout)$/, hostname: /.*/ })
    .nullable()
    .default(null),
  /** The key that signs the audit's heads; null: in the data folder. */
  auditKeyFile: text.nullable().default(null),
  /** Where signed heads are copied to; null for the file: `audit-heads.jsonl` in the data folder. */
  auditHeadsFile: text.nullable().default(null),
  auditHeadsUrl: z
    .url({ protocol: /^https?$/ })
    .nullable()
    .default(null),
  auditHeadsSyslog: z
    .url({ protocol: /^(tcp|tls)$/ })
    .nullable()
    .default(null),
  tls: z.strictObject({ certFile: text, keyFile: text }).nullable().default(null),
})
export type RelayConfig = z.infer<typeof configSchema>

export interface RelaySecrets {
  /** Instead of the one that the relay makes at its first start. */
  readonly bootstrapSecret: string | null
  /** What reads `/metrics`; null: only this machine does. */
  readonly metricsToken: string | null
}

/** How each setting is written: for help and for refusals. `env` is its environment variable. */
export const SETTINGS = {
  host: { env: 'HANDHOLD_RELAY_HOST', example: '127.0.0.1', help: 'Address to listen on' },
  port: { env: 'HANDHOLD_RELAY_PORT', example: '7443', help: 'TCP port to listen on; 0 takes a free one' },
  dataDir: { env: 'HANDHOLD_RELAY_DATA_DIR', example: '/var/lib/handhold-relay', help: 'Folder of database and keys' },
  publicUrl: { env: 'HANDHOLD_RELAY_PUBLIC_URL', example: 'https://relay.example.org', help: 'Where clients reach it' },
  logLevel: { env: 'HANDHOLD_RELAY_LOG_LEVEL', example: 'info', help: 'silent, fatal, error, warn, info or debug' },
  trustedProxyHops: { env: 'HANDHOLD_RELAY_TRUSTED_PROXY_HOPS', example: '1', help: 'Reverse proxies in front of it' },
  auditDays: { env: 'HANDHOLD_RELAY_AUDIT_DAYS', example: '400', help: 'Days that the audit is kept' },
  historyDays: { env: 'HANDHOLD_RELAY_HISTORY_DAYS', example: '180', help: 'The same for presence and facts' },
  recordingDays: { env: 'HANDHOLD_RELAY_RECORDING_DAYS', example: '90', help: 'The same for recordings on devices' },
  auditExport: { env: 'HANDHOLD_RELAY_AUDIT_EXPORT', example: 'tls://log.example.org', help: 'Copy of the audit' },
  auditKeyFile: {
    env: 'HANDHOLD_RELAY_AUDIT_KEY_FILE',
    example: '/etc/handhold/audit-key.pem',
    help: 'Signs the audit',
  },
  auditHeadsFile: {
    env: 'HANDHOLD_RELAY_AUDIT_HEADS_FILE',
    example: '/mnt/worm/heads.jsonl',
    help: 'Copy of its heads',
  },
  auditHeadsUrl: {
    env: 'HANDHOLD_RELAY_AUDIT_HEADS_URL',
    example: 'https://log.example.org/in',
    help: 'The same, by POST',
  },
  auditHeadsSyslog: {
    env: 'HANDHOLD_RELAY_AUDIT_HEADS_SYSLOG',
    example: 'tls://log.example.org',
    help: 'The same, RFC 5424',
  },
  'tls.certFile': { env: 'HANDHOLD_RELAY_TLS_CERT_FILE', example: '/etc/handhold/relay.crt', help: 'TLS certificate' },
  'tls.keyFile': { env: 'HANDHOLD_RELAY_TLS_KEY_FILE', example: '/etc/handhold/relay.key', help: 'TLS private key' },
} as const satisfies Record<string, { env: string; example: string; help: string }>

export const BOOTSTRAP_SECRET_ENV = 'HANDHOLD_RELAY_BOOTSTRAP_SECRET'
export const METRICS_TOKEN_ENV = 'HANDHOLD_RELAY_METRICS_TOKEN'
export const CONFIG_FILE_ENV = 'HANDHOLD_RELAY_CONFIG'

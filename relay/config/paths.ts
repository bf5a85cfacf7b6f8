import { join, resolve } from 'node:path'
import type { RelayConfig } from './config.ts'

/** Where the key that signs the audit's heads lies; best on another disk than the database. */
export const auditKeyFile = ({ auditKeyFile: file, dataDir }: RelayConfig): string =>
  file === null ? join(resolve(dataDir), 'audit-key.pem') : resolve(file)

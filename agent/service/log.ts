import { type DestinationStream, type Logger, pino } from 'pino'
import type { AgentConfig } from './config/config.ts'

export type { Logger } from 'pino'

/** One JSON object a line on standard output. Secrets are never given to it; what could be one is cut out anyway. */
export function createLogger(level: AgentConfig['logLevel'], destination?: DestinationStream): Logger {
  const options = {
    name: 'handhold-agent',
    level,
    redact: ['*.token', '*.pass', '*.proof', '*.d', 'token', 'pass', 'proof'],
  }
  return destination ? pino(options, destination) : pino(options)
}

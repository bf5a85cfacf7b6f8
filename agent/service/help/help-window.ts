import type { HelpState } from '#protocol/help/state.ts'
import { openConsentWindow } from '../../consent/consent-window.ts'
import { childEnvironment } from '../children/environment.ts'
import { findPrograms } from '../children/programs.ts'
import type { AgentConfig } from '../config/config.ts'
import { openHelpClient } from './help-client.ts'

/** The person's window as the place to ask for help, on the desktop where the command was called. Resolves with the exit code when it is gone. */
export async function runHelpWindow(config: AgentConfig, own: NodeJS.ProcessEnv): Promise<number> {
  const { displayAddress, consentCommand, helpSocket } = config
  const gone = Promise.withResolvers<number>()
  let state: HelpState = { phase: 'idle' }
  let isReady = false
  const client = await openHelpClient(helpSocket, next => {
    state = next
    if (isReady) window.send({ type: 'help', help: state })
  })
  const window = openConsentWindow({
    command: consentCommand ?? findPrograms().consent,
    environment: childEnvironment({ own, displayAddress, platform: process.platform }),
    onMessage(message) {
      if (message.type === 'help-ask' || message.type === 'help-withdraw') client.say(message)
      else if (message.type === 'ready') {
        isReady = true
        window.send({ type: 'help', help: state })
      } else if (message.type === 'failed') {
        console.error(message.message)
        gone.resolve(1)
      }
    },
    onGone: () => gone.resolve(0),
    onLine: line => console.error(line),
  })
  void client.closed.then(() => gone.resolve(1))
  const code = await gone.promise
  client.close()
  window.kill()
  await window.gone
  return code
}

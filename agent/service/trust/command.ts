import { parseArgs } from 'node:util'
import { isStrict, wordsOf } from '#protocol/trust/strict/standing.ts'
import { ConfigError, readConfig } from '../config/config.ts'
import { readDeviceKey } from '../state/identity.ts'
import { readPin, removePin } from './pin.ts'

const USAGE = `handhold-agent organisation-key          shows this device's own key and the organisation key that it expects
handhold-agent organisation-key reset    forgets it; the next one that the relay shows is taken, or the configured one`

/** Resolves with the exit code. Whoever may write the state directory may do this, and nobody else. */
export async function runOrganisationKey(args: readonly string[], environment: NodeJS.ProcessEnv): Promise<number> {
  try {
    const { positionals } = parseArgs({ args: [...args], allowPositionals: true, strict: true })
    const { stateDir, organisationKey } = readConfig(environment).config
    if (positionals[0] === 'reset') {
      await removePin(stateDir)
      console.log(
        organisationKey
          ? 'The key is forgotten. After a restart the agent expects the configured one.'
          : 'The key is forgotten. Restart the agent: it then takes the first key that the relay shows. Compare its words afterwards.',
      )
      return 0
    }
    if (positionals.length > 0) throw new Error(`There is no "${positionals[0]}".`)
    await show(stateDir)
    return 0
  } catch (thrown) {
    console.error(`handhold-agent: ${thrown instanceof Error ? thrown.message : thrown}\n${USAGE}`)
    return thrown instanceof ConfigError ? 2 : 1
  }
}

async function show(stateDir: string): Promise<void> {
  const own = await readDeviceKey(stateDir)
  console.log(`This device        ${own ? await wordsOf(own) : 'has no key yet: it was never started'}`)
  const pin = await readPin(stateDir)
  if (!pin) return console.log('This device expects no organisation key: the relay decides who comes in.')
  const { order } = pin
  console.log(`Organisation key   ${await wordsOf(pin.key)}`)
  console.log(`Certified only     ${isStrict(pin) ? 'yes' : 'no'}`)
  console.log(
    order
      ? `Newest order       number ${order.sequence}, valid until ${new Date(order.validUntilMs).toISOString()}`
      : 'Newest order       none yet: nobody is let in until the relay hands one on',
  )
  for (const { key, how, atMs } of pin.history)
    console.log(`${new Date(atMs).toISOString()}  ${how.padEnd(13)}  ${await wordsOf(key)}`)
}

import { readFileSync, writeFileSync } from 'node:fs'
import { stringify } from 'yaml'
import { explanationOf } from '../domain/policy/explain.ts'
import { StartError } from '../start-error.ts'
import { systemClock } from '../system-clock.ts'
import type { Command } from './command.ts'
import { type OpenPolicy, withPolicy } from './open-policy.ts'

const ORGANISATION = {
  options: { organisation: { type: 'string' as const } },
  help: '--organisation NAME (or its id) chooses one where the relay has several.',
}

export const exportPolicy: Command = {
  name: 'policy export',
  usage: '[FILE]',
  summary: "write an organisation's policy as YAML",
  help: `To standard output without FILE.\n${ORGANISATION.help}`,
  options: ORGANISATION.options,
  positionals: { min: 0, max: 1 },
  run: input =>
    withPolicy(input, async ({ files, organisation }) => {
      const [file] = input.positionals
      const text = await files.export(organisation.id)
      if (file === undefined) process.stdout.write(text)
      else guardFile(file, 'written', () => writeFileSync(file, text))
    }),
}

export const applyPolicy: Command = {
  name: 'policy apply',
  usage: '[--dry-run] FILE',
  summary: "make an organisation's policy what the file says",
  help: `All of it or nothing, in one transaction; - is standard input. Prints the differences: + made, ~ changed, - deleted.
--dry-run goes through every check, prints the differences and changes nothing.
What is not in the file is deleted, so begin with "policy export". A running relay follows within a second.
${ORGANISATION.help}`,
  options: { ...ORGANISATION.options, 'dry-run': { type: 'boolean' } },
  positionals: { min: 1, max: 1 },
  run: input =>
    withPolicy(input, async ({ files, author }) => {
      const [file = '-'] = input.positionals
      const text = guardFile(file, 'read', () => readFileSync(file === '-' ? 0 : file, 'utf8'))
      const dryRun = input.values['dry-run'] === true
      const differences = await files.apply(author, text, { dryRun })
      const end = dryRun ? 'Nothing was changed: this was a dry run.' : `Applied: ${differences.length} differences.`
      process.stdout.write([...differences, differences.length > 0 ? end : 'The policy is so already.', ''].join('\n'))
    }),
}

export const explainPolicy: Command = {
  name: 'policy explain',
  usage: 'USER DEVICE',
  summary: 'say what somebody may do on a device, and which line decides',
  help: `USER is an email address or id, DEVICE a name or id. The answer is for this moment and a session with a person at the device.\n${ORGANISATION.help}`,
  options: ORGANISATION.options,
  positionals: { min: 2, max: 2 },
  run: input =>
    withPolicy(input, async open => {
      const [user = '', device = ''] = input.positionals
      const operator = await findPerson(open, user)
      const found = await findDevice(open, device)
      const policy = await open.policies.of(open.organisation.id)
      const { groupPath, capabilities, settings } = explanationOf(policy, operator.id, found, systemClock.nowMs())
      const lines = [
        `${operator.name} <${operator.email}> on ${found.name} (${found.id}) in ${groupPath}`,
        '',
        ...capabilities.map(
          ({ capability, allowed, line }) => `  ${allowed ? 'yes' : 'no '} ${capability.padEnd(16)} ${line}`,
        ),
        '',
        ...settings.map(
          ({ key, value, from }) => `  ${key.padEnd(16)} ${oneLine(value).padEnd(28)} ${from ?? 'default'}`,
        ),
      ]
      process.stdout.write(`${lines.join('\n')}\n`)
    }),
}

async function findPerson({ store, organisation }: OpenPolicy, wanted: string) {
  const members = await store.read.policy.members(organisation.id)
  const person = members.find(({ id, email }) => id === wanted || email === wanted.toLowerCase())
  if (!person) throw new StartError(`Nobody in "${organisation.name}" has the address or id ${wanted}.`)
  return person
}

async function findDevice({ store, organisation }: OpenPolicy, wanted: string) {
  const ids = wanted.startsWith('dev_') ? [wanted] : await store.read.policy.devicesByName(organisation.id, wanted)
  if (ids.length > 1) throw new StartError(`Several devices are called ${wanted}; name one: ${ids.join(', ')}.`)
  const device = await store.read.device(ids[0] ?? '')
  if (device?.organisationId !== organisation.id)
    throw new StartError(`There is no device ${wanted} in "${organisation.name}".`)
  return device
}

function guardFile<T>(file: string, done: 'read' | 'written', work: () => T): T {
  try {
    return work()
  } catch (thrown) {
    throw new StartError(`The file ${file} can't be ${done} (${StartError.codeOf(thrown)}).`)
  }
}

const oneLine = (value: unknown): string => stringify(value, { collectionStyle: 'flow', lineWidth: 0 }).trim()

import { type EnrolmentTokenBody, enrolmentTokenBodySchema } from '#protocol/enrolment-http.ts'
import { placeOf } from '../domain/enrolment/place.ts'
import { EnrolmentTokens } from '../domain/enrolment/tokens.ts'
import { rootGroupId } from '../domain/policy/built-in.ts'
import { nodeChance } from '../keys/node-chance.ts'
import { StartError } from '../start-error.ts'
import { systemClock } from '../system-clock.ts'
import type { Command, CommandInput } from './command.ts'
import { type OpenPolicy, withPolicy } from './open-policy.ts'

const ORGANISATION = { organisation: { type: 'string' as const } }
const ORGANISATION_HELP = '--organisation NAME (or its id) chooses one where the relay has several.'
const DAY_S = 24 * 3600

export const createEnrolToken: Command = {
  name: 'enrol-token create',
  usage: '[--uses N] [--days N] [--group PATH] ...',
  summary: 'make a token that enrols devices, and print it',
  help: `The token is printed alone on standard output, this once.
--uses N        how many devices it enrols (1)
--days N        how long it is good (7)
--group PATH    where its devices go (/)
--network CIDR  where a device must come from; several with commas between
--approval      each device waits until an administrator approves it
--name TEXT     what people call it
${ORGANISATION_HELP}`,
  options: {
    ...ORGANISATION,
    uses: { type: 'string' },
    days: { type: 'string' },
    group: { type: 'string' },
    network: { type: 'string' },
    approval: { type: 'boolean' },
    name: { type: 'string' },
  },
  positionals: { min: 0, max: 0 },
  run: input =>
    withTokens(input, async (tokens, open) => {
      const { id, token, expiresAtMs } = await tokens.create(open.author, await wishOf(input, open))
      process.stderr.write(`${id}, good until ${new Date(expiresAtMs).toISOString()}\n`)
      process.stdout.write(`${token}\n`)
    }),
}

export const listEnrolTokens: Command = {
  name: 'enrol-token list',
  usage: '[--json]',
  summary: 'list enrolment tokens and what became of their devices',
  help: ORGANISATION_HELP,
  options: { ...ORGANISATION, json: { type: 'boolean' } },
  positionals: { min: 0, max: 0 },
  run: input =>
    withTokens(input, async (tokens, { author }) => {
      const list = await tokens.list(author)
      if (input.values.json) return void process.stdout.write(`${JSON.stringify(list)}\n`)
      for (const { id, name, usable, usesLeft, maxUses, groupPath, expiresAtMs, devices } of list) {
        const counts = Object.entries(devices).map(([status, count]) => `${count} ${status}`)
        const until = new Date(expiresAtMs).toISOString().slice(0, 10)
        const words = [id, usable ? 'good' : 'over', `${usesLeft}/${maxUses} left`, until, groupPath ?? '(no group)']
        process.stdout.write(`${[...words, counts.join(', '), name].join('  ').trimEnd()}\n`)
      }
    }),
}

export const revokeEnrolToken: Command = {
  name: 'enrol-token revoke',
  usage: 'ID',
  summary: 'end a token and quarantine every device that it enrolled',
  help: `A running relay cuts those devices off within two seconds; an administrator releases them one by one.\n${ORGANISATION_HELP}`,
  options: ORGANISATION,
  positionals: { min: 1, max: 1 },
  run: input =>
    withTokens(input, async (tokens, { author }) => {
      const { quarantined } = await tokens.revoke(author, input.positionals[0] ?? '')
      process.stdout.write(`Revoked. Devices quarantined: ${quarantined}.\n`)
    }),
}

function withTokens(input: CommandInput, work: (tokens: EnrolmentTokens, open: OpenPolicy) => Promise<void>) {
  return withPolicy(input, open => {
    const { store, policies } = open
    // The running relay looks for quarantined devices by itself.
    const cutOff = async () => undefined
    return work(new EnrolmentTokens({ store, policies, clock: systemClock, chance: nodeChance, cutOff }), open)
  })
}

async function wishOf({ values }: CommandInput, { policies, organisation }: OpenPolicy): Promise<EnrolmentTokenBody> {
  const path = typeof values.group === 'string' ? values.group : '/'
  const policy = await policies.of(organisation.id)
  const groupId = path === '/' ? rootGroupId(organisation.id) : placeOf(policy, rootGroupId(organisation.id), path)
  if (groupId === null) throw new StartError(`There is no group ${path} in "${organisation.name}".`)
  const wish = enrolmentTokenBodySchema.safeParse({
    name: values.name,
    maxUses: Number(values.uses ?? 1),
    expiresInS: Number(values.days ?? 7) * DAY_S,
    groupId,
    networks: typeof values.network === 'string' ? values.network.split(',') : [],
    approval: values.approval === true,
  })
  if (wish.success) return wish.data
  const [issue] = wish.error.issues
  throw new StartError(`${issue?.path.join('.')}: ${issue?.message}. See handhold-relay enrol-token create --help.`)
}

import type { z } from 'zod'
import { emailSchema, nonBlankLine } from '#protocol/http.ts'
import { Organisations } from '../domain/identity/organisations.ts'
import { nodeChance } from '../keys/node-chance.ts'
import { StartError } from '../start-error.ts'
import { systemClock } from '../system-clock.ts'
import type { Command } from './command.ts'
import { consoleActor, type OpenStore, withPolicy, withStore } from './open-policy.ts'

const LINK_HELP = `The link is printed alone on standard output, this once: hand it to them. It is good once and for seven days, and opens a page of the relay
where they choose their name and password. HANDHOLD_RELAY_PUBLIC_URL is where it leads.`

export const createOrganisation: Command = {
  name: 'organisation create',
  usage: 'NAME EMAIL',
  summary: 'make an organisation, and print the link for its first administrator',
  help: `Nothing of it can be seen from another organisation of this relay.\n${LINK_HELP}`,
  options: {},
  positionals: { min: 2, max: 2 },
  run: input =>
    withStore(input, async open => {
      const name = readWord(nonBlankLine(80), 'NAME', input.positionals[0])
      const email = readWord(emailSchema, 'EMAIL', input.positionals[1])
      const made = await organisationsOf(open).create(name, email, consoleActor())
      process.stderr.write(`${made.organisation.id}\n`)
      printLink(open, made)
    }),
}

export const listOrganisations: Command = {
  name: 'organisation list',
  usage: '',
  summary: 'list the organisations of this relay',
  help: 'One a line: its id, how many people it has, its name.',
  options: {},
  positionals: { min: 0, max: 0 },
  run: input =>
    withStore(input, async ({ store }) => {
      for (const { id, name } of await store.read.policy.organisations())
        process.stdout.write(`${id}  ${(await store.read.policy.members(id)).length}  ${name}\n`)
    }),
}

export const inviteAdministrator: Command = {
  name: 'organisation invite',
  usage: 'EMAIL',
  summary: 'print the link for another administrator',
  help: `For an organisation whose administrators can't sign in any more, too.\n${LINK_HELP}
--organisation NAME (or its id) chooses one where the relay has several.`,
  options: { organisation: { type: 'string' } },
  positionals: { min: 1, max: 1 },
  run: input =>
    withPolicy(input, async open => {
      const email = readWord(emailSchema, 'EMAIL', input.positionals[0])
      printLink(open, await organisationsOf(open).invite(open.organisation, email, open.author.actor))
    }),
}

const organisationsOf = ({ store }: OpenStore) => new Organisations({ store, clock: systemClock, chance: nodeChance })

function printLink({ publicUrl }: OpenStore, { token, expiresAtMs }: { token: string; expiresAtMs: number }): void {
  process.stderr.write(`Good until ${new Date(expiresAtMs).toISOString()}\n`)
  process.stdout.write(`${new URL(`/invitation#${token}`, publicUrl).href}\n`)
}

function readWord(schema: z.ZodType<string>, name: string, word: string | undefined): string {
  const read = schema.safeParse(word)
  if (read.success) return read.data
  throw new StartError(`${name}: ${read.error.issues[0]?.message}.`)
}

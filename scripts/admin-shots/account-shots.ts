import type { Page } from 'playwright'
import { invitationReplySchema } from '#protocol/identity-http.ts'
import { totpCode } from '../../testing/authenticator-app.ts'
import type { TestOrganisation } from '../../testing/world/organisation.ts'

/** What the pictures say that the relay's address is. */
export const ORIGIN = 'https://relay.northwind.example'
const PASSWORD = 'nine purple teapots here'

/** Where the browser believes the relay to be. */
async function openRelayPage(page: Page, organisation: TestOrganisation, path: string): Promise<void> {
  await page.route(`${ORIGIN}/**`, async route => {
    const url = route.request().url().replace(ORIGIN, organisation.relay.url)
    await route.fulfill({ response: await route.fetch({ url }) })
  })
  await page.goto(`${ORIGIN}${path}`)
}

async function invite(organisation: TestOrganisation, email: string): Promise<string> {
  const { body } = await organisation.policy.call('POST', '/v1/invitations', { email, role: 'operator' })
  return `/invitation#${invitationReplySchema.parse(body).token}`
}

async function accept(page: Page, name: string): Promise<void> {
  await page.getByLabel('Your name').fill(name)
  await page.getByLabel('Password').fill(PASSWORD)
  await page.getByRole('button', { name: 'Make my account' }).click()
  await page.getByRole('button', { name: 'Set up an authenticator app' }).waitFor()
}

async function setUp(page: Page): Promise<void> {
  await page.getByRole('button', { name: 'Set up an authenticator app' }).click()
  await page.getByLabel('Key', { exact: true }).waitFor()
}

interface AccountShot {
  readonly name: string
  /** Each picture has a person of its own. */
  readonly act: (page: Page, organisation: TestOrganisation, email: string) => Promise<void>
}

/** What somebody sees who was invited and has no app yet. */
export const ACCOUNT_SHOTS: readonly AccountShot[] = [
  {
    name: 'invitation',
    act: async (page, organisation, email) => {
      await openRelayPage(page, organisation, await invite(organisation, email))
      await page.getByLabel('Your name').fill('Maria Silva')
    },
  },
  {
    name: 'account',
    act: async (page, organisation, email) => {
      await openRelayPage(page, organisation, await invite(organisation, email))
      await accept(page, 'Maria Silva')
    },
  },
  {
    name: 'authenticator',
    act: async (page, organisation, email) => {
      await openRelayPage(page, organisation, await invite(organisation, email))
      await accept(page, 'Maria Silva')
      await setUp(page)
    },
  },
  {
    name: 'recovery-codes',
    act: async (page, organisation, email) => {
      await openRelayPage(page, organisation, await invite(organisation, email))
      await accept(page, 'Maria Silva')
      await setUp(page)
      const secret = (await page.getByLabel('Key', { exact: true }).textContent())?.replaceAll(' ', '') ?? ''
      await page.getByLabel('Code', { exact: true }).fill(totpCode(secret, Date.now()))
      await page.getByRole('button', { name: 'Turn it on' }).click()
      await page.getByRole('heading', { name: 'Keep these recovery codes' }).waitFor()
    },
  },
]

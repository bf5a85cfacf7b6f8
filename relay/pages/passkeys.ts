import { type Account, part } from './account-part.ts'
import { element, paragraph } from './element.ts'
import { actButton, form } from './form.ts'
import { canUsePasskeys, newPasskey } from './passkey-browser.ts'

interface Passkey {
  readonly id: string
  readonly name: string
  readonly createdAtMs: number
}

/** The passkeys that sign this person in on pages of the relay. */
export async function passkeyPart(account: Account): Promise<HTMLElement> {
  const { passkeys } = await account.call<{ passkeys: Passkey[] }>('GET', '/v1/passkeys')
  return part('Passkeys', [
    paragraph(
      'A passkey signs you in with your fingerprint, face or PIN: on this page, and in the Handhold app, which opens the browser for it.',
    ),
    passkeys.length > 0
      ? element(
          'ul',
          { class: 'list' },
          passkeys.map(passkey => line(account, passkey)),
        )
      : null,
    canUsePasskeys()
      ? form({
          fields: [
            {
              name: 'name',
              label: 'Name of a new passkey',
              hint: 'For example: Work laptop',
              set: { maxLength: 60, autocomplete: 'off' },
            },
          ],
          submit: 'Add a passkey',
          busy: 'Waiting for your passkey…',
          act: ({ name = '' }) => add(account, name.trim()),
        })
      : paragraph('This browser offers no passkeys on this page. They need an encrypted connection (https).', 'muted'),
  ])
}

const line = (account: Account, { id, name, createdAtMs }: Passkey) =>
  element('li', {}, [
    element('span', {}, [`${name} `, element('small', {}, [new Date(createdAtMs).toLocaleDateString()])]),
    actButton(`Remove`, 'Removing…', async () => {
      await account.call('DELETE', `/v1/passkeys/${id}`)
      await account.refresh()
    }),
  ])

async function add(account: Account, name: string): Promise<void> {
  const { ticket, options } = await account.call<{ ticket: string; options: PublicKeyCredentialCreationOptionsJSON }>(
    'POST',
    '/v1/passkeys/options',
  )
  await account.call('POST', '/v1/passkeys', { ticket, name, credential: await newPasskey(options) })
  await account.refresh()
}

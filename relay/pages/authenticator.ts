import { type Account, part } from './account-part.ts'
import { element, paragraph, show } from './element.ts'
import { actButton, form } from './form.ts'
import { qrCode } from './qr-code.ts'

/** The authenticator app: whether there is one, how to get one, and the recovery codes. */
export function authenticatorPart(account: Account): HTMLElement {
  const { security, call } = account
  if (!security.totp)
    return part('Authenticator app', [
      paragraph('Not set up. With one, nobody signs in with your password alone.'),
      actButton('Set up an authenticator app', 'Preparing…', () => showSetup(account)),
    ])
  return part('Authenticator app', [
    paragraph(`In use. ${security.recoveryCodesLeft} recovery codes are left.`),
    element('div', { class: 'row' }, [
      actButton('New recovery codes', 'Making the codes…', async () => {
        const { recoveryCodes } = await call<{ recoveryCodes: string[] }>('POST', '/v1/two-factor/recovery-codes')
        showCodes(account, recoveryCodes)
      }),
      actButton(
        'Turn it off',
        'Turning it off…',
        async () => {
          await call('DELETE', '/v1/two-factor')
          await account.refresh()
        },
        'danger',
      ),
    ]),
  ])
}

async function showSetup(account: Account): Promise<void> {
  const { secret, uri } = await account.call<{ secret: string; uri: string }>('POST', '/v1/two-factor')
  show('Set up an authenticator app', [
    paragraph('Scan this with the app on your phone, or type the key. Then type the code that the app shows.'),
    qrCode(uri, 'The key as a QR code'),
    element('p', {}, [
      element('code', { attributes: { 'aria-label': 'Key' } }, [secret.replace(/(.{4})(?=.)/g, '$1 ')]),
    ]),
    form({
      fields: [
        {
          name: 'code',
          label: 'Code',
          hint: 'Six digits',
          set: { inputMode: 'numeric', autocomplete: 'one-time-code', maxLength: 10 },
        },
      ],
      submit: 'Turn it on',
      busy: 'Checking the code…',
      act: async ({ code = '' }) => {
        const body = { code: code.replace(/\s/g, '') }
        const { recoveryCodes } = await account.call<{ recoveryCodes: string[] }>(
          'POST',
          '/v1/two-factor/confirm',
          body,
        )
        showCodes(account, recoveryCodes)
      },
    }),
    actButton('Not now', 'Not now', () => account.refresh()),
  ])
}

/** Shown once, and gone with the page. */
function showCodes(account: Account, codes: readonly string[]): void {
  show('Keep these recovery codes', [
    paragraph(
      'Each signs you in once when your phone is lost. They are shown only now: print them or write them down.',
    ),
    element(
      'ul',
      { class: 'codes' },
      codes.map(code => element('li', {}, [element('code', {}, [code])])),
    ),
    actButton('I have kept them', 'One moment…', () => account.refresh(), 'primary'),
  ])
}

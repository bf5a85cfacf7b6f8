import { readFileSync } from 'node:fs'
import type { Route } from '../described-route.ts'
import { staticRoute } from '../page-route.ts'

const access = { authn: 'none', authz: 'anyone', limitPerMinute: 120 } as const

/** The relay's own script and looks, and requests to the relay alone. The script makes no markup from text, and couldn't. */
const POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
  "require-trusted-types-for 'script'",
  "trusted-types 'none'",
].join('; ')

const HTML = `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<meta name="color-scheme" content="light dark">
<title>Handhold</title>
<link rel="stylesheet" href="/pages/account.css">
<script type="module" src="/pages/account.js"></script>
<main><noscript><h1>Scripts are off</h1><p>This page needs them. Allow them for this address, then load it again.</p></noscript></main>
</html>
`

/** Where the build has put them: beside the program, or for a relay that runs from source in the build's folder. */
const BUILT = import.meta.url.endsWith('/relay/http/pages/account-pages.ts') ? '../../../dist/relay/pages/' : './pages/'
const built = (name: string) => readFileSync(new URL(`${BUILT}${name}`, import.meta.url), 'utf8')

/** Pages for somebody who has no app yet, or not with them: accepting an invitation, a new password, second factors and passkeys. */
export const accountPageRoutes = (): Route[] => [
  ...['/invitation', '/password-reset', '/sign-in', '/account'].map(url =>
    staticRoute({ url, access, type: 'text/html', policy: POLICY, text: () => HTML }),
  ),
  staticRoute({ url: '/pages/account.js', access, type: 'text/javascript', text: () => built('account.js') }),
  staticRoute({ url: '/pages/account.css', access, type: 'text/css', text: () => built('account.css') }),
]

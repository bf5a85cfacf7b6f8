// Pictures of every administration page, light and dark, of a real relay with a believable organisation: `node scripts/admin-shots/main.ts [NAME…]`.
import { mkdir, mkdtemp, rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openAdminWindow } from '../../src/renderer/checks/admin-window.ts'
import { buildPages, launchBrowser } from '../../src/renderer/checks/built-pages.ts'
import { TestOrganisation } from '../../testing/world/organisation.ts'
import { root } from '../run-step.ts'
import { believableDevices } from './device-names.ts'
import { SHOTS } from './shots.ts'

const folder = join(root, 'docs/images/admin')
const only = process.argv.slice(2)
const dist = await mkdtemp(join(tmpdir(), 'handhold-admin-shots-'))
const browser = await launchBrowser()
const organisation = await TestOrganisation.start()

try {
  await mkdir(folder, { recursive: true })
  await buildPages(dist)
  await organisation.furnish()
  await organisation.enrolDevices(believableDevices())
  await organisation.fillHistory(6)
  await organisation.addWebhooks()
  for (const colorScheme of ['light', 'dark'] as const) {
    const context = await browser.newContext({
      viewport: { width: 1280, height: 720 },
      colorScheme,
      locale: 'en-GB',
      timezoneId: 'Europe/Berlin',
    })
    for (const shot of SHOTS.filter(({ name }) => only.length === 0 || only.some(part => name.includes(part)))) {
      await organisation.stepUp()
      const { page, complaints } = await openAdminWindow(context, dist, await organisation.window())
      await page.getByRole('tab', { name: 'Administration' }).click()
      await shot.act(page)
      const path = join(folder, `${shot.name}-${colorScheme}.png`)
      await page.screenshot({ path })
      await page.close()
      console.log(`${shot.name}-${colorScheme}: ${Math.round((await stat(path)).size / 1024)} KiB`, ...complaints)
    }
    await context.close()
  }
} finally {
  await browser.close()
  await organisation.relay.close()
  await rm(dist, { recursive: true, force: true })
}

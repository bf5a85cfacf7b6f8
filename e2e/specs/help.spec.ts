import { spawn } from 'node:child_process'
import { createInterface } from 'node:readline'
import { builtProgram, cleanEnvironment } from '../../testing/world/programs.ts'
import type { Device } from '../fixtures/device.ts'
import { expect, test } from '../fixtures/test.ts'

/** The command as the person types it, and what it says. */
function askForHelp({ program }: Device, ...args: string[]) {
  const env = cleanEnvironment({
    HANDHOLD_AGENT_RELAY_URL: program.relayUrl,
    HANDHOLD_AGENT_STATE_DIR: program.stateDir,
    LANG: 'en',
  })
  const child = spawn(process.execPath, [builtProgram('agent/service.js'), 'help', ...args], {
    env: { ...process.env, ...env } as NodeJS.ProcessEnv,
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const lines: string[] = []
  createInterface({ input: child.stdout }).on('line', line => lines.push(line))
  const exited = new Promise<number | null>(resolve => child.once('close', resolve))
  return { lines, exited }
}

test('somebody reads a code out: the operator types it, asks, and the person still decides', async ({
  operator,
  device,
}) => {
  const { page } = operator
  const help = askForHelp(device)
  const read = () => /(\d{3} \d{3} \d{3})/.exec(help.lines.join('\n'))?.[1] ?? ''
  await expect.poll(read, { timeout: 15_000 }).not.toBe('')
  await page.getByLabel('Help code').fill(read())
  await page.keyboard.press('Enter')
  await expect(page.getByRole('dialog').getByText('asked for help')).toBeVisible()
  expect(await help.exited).toBe(0)
  await page.getByLabel('Reason').fill('Printer on the second floor')
  await page.getByRole('button', { name: 'Ask to connect' }).click()
  await device.person.accept()
  expect(await operator.firstFrameAtMs()).toBeGreaterThan(0)
})

test('somebody waits in the queue until an operator takes them', async ({ operator, device }) => {
  const { page } = operator
  await page.getByRole('button', { name: /people who wait for help/ }).click()
  await expect(page.getByText('Nobody waits for help.')).toBeVisible()
  const help = askForHelp(device, '--queue', 'The printer is stuck')
  await expect(page.getByText('The printer is stuck')).toBeVisible()
  await page.getByRole('button', { name: /^Take / }).click()
  expect(await help.exited).toBe(0)
  await expect(page.getByLabel('Reason')).toHaveValue('The printer is stuck')
  await page.keyboard.press('Escape')
  await page.getByRole('button', { name: 'Close the queue' }).click()
})

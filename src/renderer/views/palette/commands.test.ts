import { expect, test } from 'vitest'
import { FakeMain } from '../../checks/fake-main.ts'
import { sampleDevice, sampleTab } from '../../checks/samples.ts'
import { createOperatorApp } from '../../stores/operator-app.ts'
import { commandsOf, deviceWords, matchCommands } from './commands.ts'

const fullScreen = { isOn: false, toggle: () => undefined, leave: () => undefined, capture: () => undefined }
const kiosk = sampleDevice(1, { name: 'Kiosk' })
const desk = sampleDevice(2, { name: 'Desk' })

async function open(state: 'active' | 'closed') {
  const tab =
    state === 'active'
      ? sampleTab(desk, { name: 'active', scopes: ['view', 'control'], untilMs: 1, mode: 'control' })
      : sampleTab(desk, { name: 'closed', reason: 'idle' })
  const main = new FakeMain({ devices: { error: null, devices: [kiosk, desk] }, sessions: [tab] })
  const app = createOperatorApp(main.bridge)
  await Promise.resolve()
  await Promise.resolve()
  app.ui.setState({ selected: tab.ticket })
  return { app, main, ticket: tab.ticket }
}

test('only what can be done now is there', async () => {
  const live = await open('active')
  const titles = commandsOf(live.app, fullScreen, [kiosk, desk]).map(command => command.title)
  expect(titles).toContain('End the session with Desk')
  expect(titles).toContain('Connect to Kiosk')
  expect(titles).not.toContain('Connect to Desk')
  const over = await open('closed')
  const after = commandsOf(over.app, fullScreen, [kiosk, desk]).map(command => command.title)
  expect(after).not.toContain('End the session with Desk')
  expect(after).toContain('Connect to Desk')
})

test('a command does what it says', async () => {
  const { app, ticket } = await open('active')
  const run = (title: string) =>
    commandsOf(app, fullScreen, [kiosk, desk])
      .find(command => command.title === title)
      ?.run()
  run('Show the picture 1:1')
  expect(app.ui.getState().preferences[ticket]?.zoom).toBe('actual')
  run('Connect to Kiosk')
  expect(app.ui.getState().dialog).toMatchObject({ name: 'connect', device: kiosk })
  run('Close the tab of Desk')
  expect(app.ui.getState().dialog).toEqual({ name: 'close-live', ticket })
})

test('the query’s words may stand anywhere, and an earlier place ranks higher', async () => {
  const { app } = await open('active')
  const found = matchCommands(commandsOf(app, fullScreen, [kiosk, desk]), 'des')
  expect(found.map(command => command.title)).toEqual(
    ['Go to Devices', 'Close the tab of Desk', 'End the session with Desk'].filter(title =>
      title.toLowerCase().includes('des'),
    ),
  )
  expect(matchCommands(commandsOf(app, fullScreen, [kiosk, desk]), 'kio con')).toHaveLength(1)
  expect(matchCommands(commandsOf(app, fullScreen, [kiosk, desk]), 'zebra')).toEqual([])
})

test('a device is looked for by its own words, whatever is to be done with it', () => {
  expect(deviceWords('connect to  Kiosk l')).toBe('kiosk l')
  expect(deviceWords('kio')).toBe('kio')
  expect(deviceWords('Conn')).toBe('conn')
})

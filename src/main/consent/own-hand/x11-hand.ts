import { connectX, type XConnection, type XInputExtension } from '../../shell/chromium/x11/connection.ts'
import { notOwnHand, type OwnHand } from './own-hand.ts'
import { Presses } from './presses.ts'
import { agoMs } from './server-time.ts'

/** The devices through which the XTEST extension presses; each pair of masters has two, named after it. */
const SYNTHETIC = /XTEST/
const MAIN_BUTTON = 1
const PRESSES = ['RawKeyPress', 'RawKeyRelease', 'RawButtonPress', 'RawButtonRelease', 'RawTouchBegin', 'RawTouchEnd']
const PRESS_EVENTS: ReadonlySet<string> = new Set(PRESSES.map(name => `XI${name}`))

/**
 * Listens to the raw events of an X server, which name the device that each press came from. Rejects when the server can't tell:
 * a question that anybody could answer isn't asked.
 */
export async function watchHands(display: string): Promise<OwnHand> {
  const connection = await connectX(display)
  try {
    const { client, root } = connection
    const xinput = await connection.extension('xinput')
    await connection.ask(answer => xinput.XIQueryVersion(2, 2, answer))
    const presses = new Presses(() => performance.now())
    let hardware = await hardwareIds(connection, xinput)
    let onPress: Parameters<OwnHand['onPress']>[0] = () => undefined
    let onForeignKey: Parameters<OwnHand['onForeignKey']>[0] = () => undefined
    const tellPress = () =>
      connection
        .ask<{ rootX: number; rootY: number }>(answer => client.QueryPointer(root, answer))
        .then(
          ({ rootX: x, rootY: y }) => onPress({ x, y }),
          () => undefined,
        )
    client.on('event', event => {
      if (event.name === 'XIHierarchyChanged') {
        // Nothing is hardware until the server has said so again.
        hardware = new Set()
        hardwareIds(connection, xinput).then(
          ids => {
            hardware = ids
          },
          () => undefined,
        )
      } else if (event.name !== undefined && PRESS_EVENTS.has(event.name)) {
        const isHardware = event.sourceId !== undefined && hardware.has(event.sourceId)
        presses.add(event.name.startsWith('XIRawKey') ? 'key' : 'pointer', isHardware)
        if (!isHardware && event.name === 'XIRawKeyPress') onForeignKey(agoMs(event.time))
        if (isHardware && event.name === 'XIRawButtonPress' && event.detail === MAIN_BUTTON) tellPress()
      }
    })
    xinput.XISelectEvents(root, [
      { deviceId: xinput.AllMasterDevices, mask: PRESSES },
      { deviceId: xinput.AllDevices, mask: ['HierarchyChanged'] },
    ])
    await roundTrip(connection)
    return {
      async require(only) {
        // What the server answers comes after every event that it sent before: the press is here then.
        await roundTrip(connection).catch(() => {
          throw notOwnHand()
        })
        if (!presses.areOwn(only)) throw notOwnHand()
      },
      async refuseProgram(only) {
        await roundTrip(connection).catch(() => undefined)
        if (presses.areAProgramsAlone(only)) throw notOwnHand()
      },
      async forget() {
        // A server that doesn't answer any more refuses every press anyway.
        await roundTrip(connection).catch(() => undefined)
        presses.forget()
      },
      onPress(listener) {
        onPress = listener
      },
      onForeignKey(listener) {
        onForeignKey = listener
      },
      close: () => connection.close(),
    }
  } catch (thrown) {
    connection.close()
    throw thrown
  }
}

const roundTrip = (connection: XConnection) =>
  connection.ask(answer => connection.client.QueryTree(connection.root, answer))

async function hardwareIds(connection: XConnection, xinput: XInputExtension): Promise<ReadonlySet<number>> {
  const devices = await connection.ask<readonly { deviceId: number; name: string }[]>(answer =>
    xinput.XIQueryDevice(xinput.AllDevices, answer),
  )
  return new Set(devices.filter(({ name }) => !SYNTHETIC.test(name)).map(({ deviceId }) => deviceId))
}

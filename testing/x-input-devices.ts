import { XConnection } from '../agent/platform/linux/connection.ts'

const SLAVE_POINTER = 3
const SLAVE_KEYBOARD = 4

/** The names of the mice and keyboards that move the pointer and type. */
export async function attachedDevices(display: string): Promise<string[]> {
  const connection = await XConnection.open(display, () => undefined)
  try {
    const xinput = await connection.extension('xinput')
    const devices = await connection.ask<readonly { use: number; name: string }[]>(answer =>
      xinput.XIQueryDevice(xinput.AllDevices, answer),
    )
    return devices.filter(({ use }) => use === SLAVE_POINTER || use === SLAVE_KEYBOARD).map(({ name }) => name)
  } finally {
    await connection.close()
  }
}

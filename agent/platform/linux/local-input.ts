import { PlatformError } from '../platform.ts'
import type { XConnection } from './connection.ts'
import { askRaw, xRequest } from './raw-request.ts'

const GRAB_DEVICE = 51
const ASYNC = 1
const SLAVE_POINTER = 3
const SLAVE_KEYBOARD = 4
const CURRENT_TIME = 0
const NO_CURSOR = 0
const GRABBED = 0

interface Device {
  readonly deviceId: number
  readonly use: number
  readonly name: string
}

/**
 * Takes every mouse and keyboard of this machine out of use for as long as the connection lives: each is grabbed, which detaches it from the pointer and the
 * focus that everybody shares, and the server itself lets go when the connection ends, whatever ended it. What XTEST presses goes on. One that is
 * plugged in later is grabbed when it comes.
 * @throws PlatformError `extension-missing`, or `unsupported` where another program holds one
 */
export async function blockLocalInput(connection: XConnection): Promise<void> {
  const xinput = await connection.extension('xinput')
  if (!xinput.xi2)
    throw new PlatformError(
      'extension-missing',
      `The X server at ${connection.address} offers only version 1 of XInput, so its mouse and keyboard can’t be blocked.`,
    )
  const grabbed = new Set<number>()
  const grabAll = async () => {
    const devices = await connection.ask<readonly Device[]>(answer => xinput.XIQueryDevice(xinput.AllDevices, answer))
    for (const { deviceId, use, name } of devices) {
      const isOwn = (use === SLAVE_POINTER || use === SLAVE_KEYBOARD) && !name.includes('XTEST')
      if (!isOwn || grabbed.has(deviceId)) continue
      if ((await grab(connection, xinput.majorOpcode, deviceId)) !== GRABBED) throw heldByOther(name)
      grabbed.add(deviceId)
    }
  }
  connection.onEvent('XIHierarchyChanged', () => {
    grabAll().catch(problem => connection.report(problem))
  })
  connection.tell(() =>
    xinput.XISelectEvents(connection.screen.root, { deviceId: xinput.AllDevices, mask: ['HierarchyChanged'] }),
  )
  await grabAll()
}

function grab(connection: XConnection, opcode: number, deviceId: number): Promise<number> {
  const body = Buffer.alloc(24)
  body.writeUInt32LE(connection.screen.root, 0)
  body.writeUInt32LE(CURRENT_TIME, 4)
  body.writeUInt32LE(NO_CURSOR, 8)
  body.writeUInt16LE(deviceId, 12)
  body.writeUInt8(ASYNC, 14)
  body.writeUInt8(ASYNC, 15)
  // No owner events, and a mask of one empty word: what comes is told to nobody.
  body.writeUInt16LE(1, 18)
  return askRaw(connection, xRequest(opcode, GRAB_DEVICE, body), reply => reply.readUInt8(0))
}

const heldByOther = (name: string): PlatformError =>
  new PlatformError('unsupported', `Another program holds “${name}”, so this device’s own input can’t be blocked.`)

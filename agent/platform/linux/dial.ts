/// <reference path="./x11-package.d.ts" />
import { existsSync } from 'node:fs'
import { access, constants } from 'node:fs/promises'
import type { Socket } from 'node:net'
import x11, { type XClient, type XDisplay, type XScreen } from 'x11'
import { PlatformError } from '../platform.ts'
import { connectDirectly } from './direct-socket.ts'

/** A local server answers in milliseconds; over a slow network a few seconds are still someone waiting. */
const DIAL_TIMEOUT_MS = 10_000

const TRUE_COLOUR = 4

/**
 * Connects to an X server whose pictures are 32 bits a pixel in the order B, G, R. A connection that passes descriptors costs more for whatever it carries.
 * @throws PlatformError `display-unreachable`, `display-denied`, or `unsupported` for other kinds of pictures.
 */
export async function dialDisplay(
  address: string,
  passesDescriptors: boolean,
): Promise<{ display: XDisplay; screen: XScreen }> {
  await requireReadableCookies(address)
  const display = await connect(address, passesDescriptors)
  try {
    return { display, screen: pickScreen(display, address) }
  } catch (error) {
    display.client.on('error', () => undefined)
    display.client.stream.destroy()
    throw error
  }
}

// The package throws out of a file callback, past every handler, when the cookie file exists but can't be read.
async function requireReadableCookies(address: string): Promise<void> {
  const path = process.env.XAUTHORITY
  if (!path) return
  try {
    await access(path, constants.R_OK)
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === 'ENOENT') return
    throw denied(address, `The cookie file ${path} named by XAUTHORITY can't be read.`, cause)
  }
}

function connect(address: string, passesDescriptors: boolean): Promise<XDisplay> {
  return new Promise((resolve, reject) => {
    let client: XClient | undefined
    const timer = setTimeout(
      () => fail(new Error(`no answer within ${DIAL_TIMEOUT_MS / 1000} seconds`)),
      DIAL_TIMEOUT_MS,
    )
    const fail = (cause: Error) => {
      clearTimeout(timer)
      client?.stream?.destroy()
      reject(explain(address, cause))
    }
    try {
      // What is asked in one turn of the event loop goes out in one write, answers or not: each write wakes the server.
      const bufferRequests = { flushOnReply: false }
      const transport = passesDescriptors ? {} : directTransport(address)
      client = x11.createClient({ display: address, bufferRequests, ...transport }, (error, display) => {
        if (error) return fail(error)
        clearTimeout(timer)
        client?.off('error', fail)
        resolve(display)
      })
      // The refusal of a server comes as an event, before the callback hears only that the connection was closed.
      client.on('error', fail)
    } catch (error) {
      fail(error as Error)
    }
  })
}

/** Nothing where the server isn't a local one: the package then knows how to get there. Without a cookie of ours it looks for one as always. */
function directTransport(address: string): { stream: Socket; auth: undefined } | undefined {
  const number = /^(?:unix\/?|local\/)?:(\d+)(?:\.\d+)?$/.exec(address)?.[1]
  const path = `/tmp/.X11-unix/X${number}`
  return number !== undefined && existsSync(path) ? { stream: connectDirectly(path), auth: undefined } : undefined
}

function explain(address: string, cause: Error): PlatformError {
  if (/authori[sz]ation|not authori[sz]ed|no protocol specified/i.test(cause.message)) {
    return denied(
      address,
      `The X server said: ${cause.message.replace('X server connection failed: ', '').trim()}`,
      cause,
    )
  }
  const reason = cause.message === 'Cannot parse display' ? "it isn't a display name such as :0" : cause.message.trim()
  return new PlatformError(
    'display-unreachable',
    `No X server can be reached at ${address}: ${reason}. Check that the desktop is running and that DISPLAY names it.`,
    { cause },
  )
}

function denied(address: string, detail: string, cause: unknown): PlatformError {
  return new PlatformError(
    'display-denied',
    `The X server at ${address} refused the connection. ${detail} Run as the desktop's user, or point XAUTHORITY to that user's cookie file.`,
    { cause },
  )
}

function pickScreen(display: XDisplay, address: string): XScreen {
  const screen = display.screen[Number(/:\d+\.(\d+)$/.exec(address)?.[1] ?? 0)]
  if (!screen)
    throw new PlatformError(
      'unsupported',
      `The X server at ${address} has no such screen. Use one that it has, such as :0.`,
    )
  const depth = screen.root_depth
  const bits = display.format[depth]?.bits_per_pixel
  const visual = screen.depths[depth]?.[screen.root_visual]
  const isUsable =
    (depth === 24 || depth === 32) &&
    bits === 32 &&
    display.image_byte_order === 0 &&
    visual?.class === TRUE_COLOUR &&
    visual.red_mask === 0xff0000 &&
    visual.green_mask === 0xff00 &&
    visual.blue_mask === 0xff
  if (isUsable) return screen
  throw new PlatformError(
    'unsupported',
    `The X server at ${address} shows ${depth}-bit colour in a layout that can't be captured. Set the screen to 24-bit colour.`,
  )
}

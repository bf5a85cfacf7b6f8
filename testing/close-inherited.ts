import { closeSync, readdirSync, readlinkSync } from 'node:fs'

// Imported first. libwebrtc opens its sockets so that children inherit them: where the operator's end is in the process that starts this one, its sockets
// would be counted as this one's.
for (const name of readdirSync('/proc/self/fd')) {
  if (Number(name) > 2 && isSocket(name)) closeSync(Number(name))
}

function isSocket(name: string): boolean {
  try {
    return readlinkSync(`/proc/self/fd/${name}`).startsWith('socket:')
  } catch {
    return false
  }
}

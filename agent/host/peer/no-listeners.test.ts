import { execFileSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'

// In a process of its own: what listens is closed beneath Node, which doesn't know of it.
const PROGRAM = `
  import { once } from 'node:events'
  import { connect, createServer } from 'node:net'
  import { closeListeners } from '${fileURLToPath(new URL('./no-listeners.ts', import.meta.url))}'

  const HOSTS = ['127.0.0.1', '::1']
  // The list of as many is longer than the kernel gives at once.
  const servers = []
  for (let index = 0; index < 60; index++) {
    const server = createServer(socket => socket.on('data', data => socket.write(data)))
    server.listen(0, HOSTS[index % 2])
    await once(server, 'listening')
    servers.push(server)
  }
  const dial = async ({ address, port }) => {
    const socket = connect(port, address)
    await once(socket, 'connect')
    return socket
  }
  const places = servers.map(server => server.address())
  const open = await Promise.all(places.slice(0, 6).map(dial))
  for (const time of [1, 2]) closeListeners({ iceTransportPolicy: 'all' })
  const taken = await Promise.all(places.map(place => dial(place).then(() => 1, () => 0)))
  const echoes = await Promise.all(open.map(async socket => {
    socket.write('still here')
    return String((await once(socket, 'data'))[0])
  }))
  console.log(JSON.stringify({ taken: taken.reduce((sum, one) => sum + one, 0), echoes: [...new Set(echoes)] }))
  process.exit()
`

test('nothing of this process takes connections any more, however much listens; those that are there go on', () => {
  const args = ['--disable-warning=ExperimentalWarning', '--input-type=module', '-e', PROGRAM]
  const said = execFileSync(process.execPath, args, { encoding: 'utf8', timeout: 20_000 })
  expect(JSON.parse(said)).toEqual({ taken: 0, echoes: ['still here'] })
})

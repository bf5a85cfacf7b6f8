// noVNC's page and a WebSocket that carries a VNC server's bytes, as websockify does: node bridge.ts PORT VNC_PORT NOVNC_FOLDER
import { readFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import { connect } from 'node:net'
import { extname, join, normalize } from 'node:path'
import { WebSocketServer } from 'ws'

const [port = '', vncPort = '', folder = ''] = process.argv.slice(2)
const PAGE = `<!doctype html><title>noVNC</title><body style="margin:0"><button id="connect" style="position:absolute;left:-99px"></button><div id="screen" style="width:1920px;height:1080px"></div>
<script type="module">
  import RFB from '/core/rfb.js'
  document.getElementById('connect').onclick = () => {
    window.rfb = new RFB(document.getElementById('screen'), 'ws://' + location.host + '/vnc')
  }
  document.body.dataset.ready = ''
</script>`
const TYPES: Readonly<Record<string, string>> = { '.js': 'text/javascript', '.json': 'application/json' }

const server = createServer((request, response) => {
  const path = normalize(new URL(request.url ?? '/', 'http://bridge').pathname)
  if (path === '/') return void response.setHeader('content-type', 'text/html').end(PAGE)
  readFile(join(folder, path)).then(
    body => response.setHeader('content-type', TYPES[extname(path)] ?? 'application/octet-stream').end(body),
    () => response.writeHead(404).end(),
  )
})
new WebSocketServer({ server, perMessageDeflate: false }).on('connection', socket => {
  const vnc = connect(Number(vncPort), '127.0.0.1').setNoDelay(true)
  // What the browser doesn't take yet stays in the VNC server.
  vnc.on('data', bytes => {
    vnc.pause()
    socket.send(bytes, () => vnc.resume())
  })
  vnc.on('close', () => socket.close()).on('error', () => socket.close())
  socket.on('message', message => vnc.write(message as Buffer))
  socket.on('close', () => vnc.destroy())
})
server.listen(Number(port), '127.0.0.1', () => console.log('ready'))

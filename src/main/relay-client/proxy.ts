import http from 'node:http'
import https from 'node:https'

/** What a socket to the relay goes through; undefined for the way that any other takes. */
let agent: () => https.Agent | undefined = () => undefined

/** Requests and sockets over TLS go through the proxy from now on; without it they stay on this machine. For the start; the returned function takes it back. */
export function goThroughProxy(proxy: string): () => void {
  const restore = http.setGlobalProxyFromEnv({ HTTPS_PROXY: proxy })
  agent = () => https.globalAgent
  return () => {
    agent = () => undefined
    restore()
  }
}

/** For the options of a WebSocket. */
export const proxied = (): { readonly agent?: https.Agent } => {
  const through = agent()
  return through ? { agent: through } : {}
}

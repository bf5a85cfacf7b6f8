interface Description {
  readonly type: 'offer' | 'answer'
  readonly sdp: string
}

interface CandidateEvent {
  readonly candidate: { readonly candidate: string; readonly sdpMLineIndex: number | null } | null
}

interface Connection {
  readonly remoteDescription: Description | null
  setLocalDescription(description: Description): Promise<void>
  setRemoteDescription(description: Description): Promise<void>
  addEventListener(type: 'icecandidate', listener: (event: CandidateEvent) => void): void
}

/**
 * `connection`, whose descriptions are read from what is kept here. The native addon writes a description out in the caller's thread while libwebrtc's own adds
 * candidates to it or replaces it, and a process that asks at that moment is gone (SIGSEGV in SdpSerialize). The local one is what was set, with the candidates
 * told since; the remote one is read back once, before anybody can add a candidate to it (who waits for it to be there does), so that it is what libwebrtc understood.
 */
export function keepingDescriptions<T extends object>(connection: T): T {
  const native = connection as unknown as Connection
  const candidates: { line: string; section: number }[] = []
  let local: Description | null = null
  let remote: Description | null = null
  native.addEventListener('icecandidate', ({ candidate }) => {
    if (candidate?.candidate) candidates.push({ line: candidate.candidate, section: candidate.sdpMLineIndex ?? 0 })
  })
  const kept: Readonly<Record<PropertyKey, () => unknown>> = {
    localDescription: () => local && { type: local.type, sdp: withCandidates(local.sdp, candidates) },
    remoteDescription: () => {
      remote ??= native.remoteDescription
      return remote
    },
    setLocalDescription: () => async (description: Description) => {
      await native.setLocalDescription(description)
      local = { type: description.type, sdp: description.sdp }
    },
    setRemoteDescription: () => async (description: Description) => {
      const before = remote
      await native.setRemoteDescription(description)
      if (remote === before) remote = native.remoteDescription
    },
  }
  return new Proxy(connection, {
    get: (target, key) => (Object.hasOwn(kept, key) ? kept[key]?.() : Reflect.get(target, key)),
  })
}

/** The class `Connection`, of which everybody, simple-peer too, gets connections whose descriptions can be read at any time. */
export function steadyConnections<C extends new (...args: never[]) => object>(Connection: C): C {
  return new Proxy(Connection, {
    construct: (target, args) => keepingDescriptions(Reflect.construct(target, args) as object),
  })
}

function withCandidates(sdp: string, candidates: readonly { line: string; section: number }[]): string {
  const [session = '', ...media] = sdp.split(/^(?=m=)/m)
  const linesOf = (section: number) =>
    candidates.map(candidate => (candidate.section === section ? `a=${candidate.line}\r\n` : '')).join('')
  return session + media.map((text, section) => text + linesOf(section)).join('')
}

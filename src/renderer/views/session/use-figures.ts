import { useEffect, useState } from 'react'
import { type Figures, figuresOf, type Reading } from '../../session/figures.ts'
import { RoundTrip } from '../../session/round-trip.ts'
import { type CountersReading, type ScreenFigures, screenFiguresOf } from '../../session/screen/screen-figures.ts'
import type { PeerView } from '../../stores/peer-store.ts'

const INTERVAL_MS = 1_000

export interface LiveFigures {
  readonly figures: Figures | undefined
  readonly screen: ScreenFigures | undefined
  readonly roundTripMs: number | undefined
}

const NOTHING_YET: LiveFigures = { figures: undefined, screen: undefined, roundTripMs: undefined }

/** Reads the connection once a second, and measures the way to the agent and back, while `isRunning`. */
export function useFigures(view: PeerView | undefined, isRunning: boolean): LiveFigures {
  const [live, setLive] = useState<LiveFigures>(NOTHING_YET)
  const peer = view?.peer
  const screen = view?.screen
  useEffect(() => {
    if (!peer || !screen || !isRunning) return
    let previous: Reading | undefined
    let previousCounters: CountersReading | undefined
    let isStopped = false
    const roundTrip = new RoundTrip(() => performance.now())
    const stopListening = peer.events.on('control', message => {
      if (message.type !== 'pong') return
      const roundTripMs = roundTrip.handlePong(message)
      if (roundTripMs !== undefined) setLive(before => ({ ...before, roundTripMs }))
    })
    const read = async () => {
      peer.sendControl(roundTrip.ping())
      const entries = await peer.stats()
      if (!entries || isStopped) return
      const current = { atMs: performance.now(), entries }
      const figures = figuresOf(previous, current)
      previous = current
      const counted = { atMs: Date.now(), counters: screen.counters }
      const shown = screenFiguresOf(previousCounters, counted)
      previousCounters = counted
      setLive(before => ({ ...before, figures, screen: shown }))
    }
    const timer = setInterval(() => void read(), INTERVAL_MS)
    void read()
    return () => {
      isStopped = true
      clearInterval(timer)
      stopListening()
    }
  }, [peer, screen, isRunning])
  return live
}

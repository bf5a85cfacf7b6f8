import { describe, expect, it } from 'vitest'
import { TrustGate } from './trust-gate.ts'

const VERIFIED = '{"type":"verified"}'

function open() {
  const told: string[] = []
  let nowMs = 100
  const gate = new TrustGate({
    labels: ['control', 'tiles'],
    nowMs: () => nowMs,
    onReady: proofMs => told.push(`ready ${proofMs}`),
    onOpen: label => told.push(`open ${label}`),
    onMessage: (label, data) => told.push(`${label} ${data}`),
    onRefused: label => told.push(`refused ${label}`),
  })
  return { gate, told, later: (ms: number) => (nowMs += ms) }
}

describe('TrustGate', () => {
  it('opens when both ends trust each other and every channel is there, and then passes all on', () => {
    const { gate, told, later } = open()
    gate.handleOpen('control')
    later(7)
    gate.trust()
    gate.handleMessage('control', VERIFIED)
    gate.handleMessage('control', 'watching')
    expect([gate.isReady, told]).toEqual([false, []])
    later(5)
    gate.handleOpen('tiles')
    gate.handleMessage('input', 'key')
    expect(told).toEqual(['ready 0', 'open control', 'open tiles', 'control watching', 'input key'])
  })

  it('tells how long the proof took after the connection', () => {
    const { gate, told, later } = open()
    gate.handleOpen('control')
    gate.handleOpen('tiles')
    later(9)
    gate.trust()
    gate.handleMessage('control', VERIFIED)
    expect(told[0]).toBe('ready 9')
  })

  it('A40 reads nothing of an end that is not proven, whatever it says and however often', () => {
    const { gate, told } = open()
    gate.handleOpen('control')
    gate.handleOpen('tiles')
    gate.handleMessage('control', VERIFIED)
    for (const label of ['control', 'input', 'tiles'] as const) gate.handleMessage(label, 'now')
    expect(told).toEqual(['refused control', 'refused input', 'refused tiles'])
    gate.trust()
    expect(told.slice(3)).toEqual(['ready 0', 'open control', 'open tiles'])
  })

  it('is not opened by trust alone, and keeps no more than a window sends', () => {
    const { gate, told } = open()
    gate.trust()
    gate.handleOpen('tiles')
    gate.handleMessage('control', 'watching')
    expect(told).toEqual(['refused control'])
    const slow = open()
    slow.gate.trust()
    slow.gate.handleMessage('control', VERIFIED)
    for (let count = 0; count < 100; count++) slow.gate.handleMessage('input', count)
    expect(slow.told).toHaveLength(36)
  })
})

import { useCallback, useEffect, useState } from 'react'
import type { HelperTools } from '#protocol/tools/messages.ts'
import type { Tool } from '#protocol/tools/tools.ts'
import type { ToolsClient } from '../../../session/tools/tools-client.ts'
import { type Refusal, refusalOf } from '../../../stores/refusal.ts'
import { useApp } from '../../app-context.ts'

export type ToolState = Extract<HelperTools, { type: 'state' }>

export type ToolAccess =
  | { readonly name: 'opening' }
  | { readonly name: 'open'; readonly state: ToolState }
  /** It takes two, and nobody looks yet. */
  | { readonly name: 'waiting'; readonly words: string }
  | { readonly name: 'refused'; readonly refusal: Refusal }

/** Opens a tool when it is first shown: asks the device whether it is open, and where it isn't has the relay grant it. */
export function useTool(ticket: string, client: ToolsClient, tool: Tool): { access: ToolAccess; again: () => void } {
  const app = useApp()
  const [access, setAccess] = useState<ToolAccess>({ name: 'opening' })
  const [tries, setTries] = useState(0)

  // biome-ignore lint/correctness/useExhaustiveDependencies: each try asks anew
  useEffect(() => {
    let isAsked = false
    let isOver = false
    setAccess({ name: 'opening' })
    const refuse = (refusal: Refusal) => !isOver && setAccess({ name: 'refused', refusal })
    const unlock = async () => {
      try {
        const { grant, proof } = await app.openTool(ticket, tool)
        if (!isOver) client.send({ type: 'unlock', tool, grant, proof })
      } catch (thrown) {
        const refusal = refusalOf(thrown)
        if (refusal.code !== 'second-person-needed') return refuse(refusal)
        if (!isOver) setAccess({ name: 'waiting', words: refusal.message })
      }
    }
    const stops = [
      app.onWatchBegan(watched => watched === ticket && isAsked && void unlock()),
      client.events.on('state', state => {
        if (state.tool !== tool) return
        if (state.isUnlocked) {
          isAsked = false
          return setAccess({ name: 'open', state })
        }
        if (!isAsked) void unlock()
        isAsked = true
      }),
      client.events.on('refused', ({ tool: refused, request, code, message }) => {
        const isWhole = request === null && (refused === tool || refused === null)
        if (isWhole && ENDING.has(code)) refuse({ code: 'tool-unavailable', message })
      }),
    ]
    client.send({ type: 'hello', tool })
    return () => {
      isOver = true
      for (const stop of stops) stop()
    }
  }, [app, ticket, client, tool, tries])

  return { access, again: useCallback(() => setTries(count => count + 1), []) }
}

/** Refusals of the tool itself, and not of one command. */
const ENDING = new Set([
  'forbidden',
  'grant-invalid',
  'proof-invalid',
  'pass-key-mismatch',
  'tool-unavailable',
  'tool-locked',
  'audit-unavailable',
  'lease-stale',
  'rate-limited',
  'storage-full',
  'helper-gone',
])

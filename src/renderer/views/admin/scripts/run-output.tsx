import { useCallback, useEffect, useLayoutEffect, useRef } from 'react'
import type { RunDevice } from '#protocol/scripts/runs-http.ts'
import { Notice } from '../../../components/notice.tsx'
import { Waiting } from '../../../components/waiting.tsx'
import { useLoaded } from '../../use-loaded.ts'
import { useAdmin } from '../admin-context.ts'
import { useEvery } from '../use-every.ts'
import { runsStrings as strings } from './strings.ts'

const REFRESH_MS = 2_000
/** So near to its end somebody reads what comes, and is kept there. */
const AT_END_PX = 24

/** What a script printed on a device, as it comes. It is text, whatever the device meant by it. */
export function RunOutput({ runId, device: { deviceId, state, result } }: { runId: string; device: RunDevice }) {
  const { call } = useAdmin()
  const load = useCallback(() => call.scriptOutput({ runId, deviceId }), [call, runId, deviceId])
  const { state: output, reload } = useLoaded(load)
  const isLive = state === 'running' && !result
  useEvery(
    isLive && output.name !== 'failed' ? REFRESH_MS : null,
    useCallback(() => void reload(), [reload]),
  )
  const wasLive = useRef(isLive)
  useEffect(() => {
    // What came since the last look, and now with the device's signature.
    if (wasLive.current && !isLive) void reload()
    wasLive.current = isLive
  }, [isLive, reload])
  if (output.name === 'loading') return <Waiting words={strings.outputLoading} />
  if (output.name === 'failed') return <Notice tone="danger">{output.refusal.message}</Notice>
  const { text, isCut } = output.value
  return (
    <>
      {isLive ? <p className="mb-1 text-muted">{strings.outputLive}</p> : null}
      {text === '' ? <p className="text-muted">{isLive ? strings.outputNothingYet : strings.outputNone}</p> : null}
      {text === '' ? null : <Lines text={text} isLive={isLive} />}
      {isCut ? <Notice tone="warn">{strings.outputCut}</Notice> : null}
    </>
  )
}

function Lines({ text, isLive }: { text: string; isLive: boolean }) {
  const box = useRef<HTMLElement>(null)
  const isAtEnd = useRef(isLive)
  // biome-ignore lint/correctness/useExhaustiveDependencies: each text is a reason to look
  useLayoutEffect(() => {
    const { current } = box
    if (current && isAtEnd.current) current.scrollTop = current.scrollHeight
  }, [text])
  return (
    <section
      ref={box}
      aria-label={strings.output}
      // biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls, and the keyboard has to get there
      tabIndex={0}
      onScroll={({ currentTarget: { scrollTop, scrollHeight, clientHeight } }) => {
        isAtEnd.current = isLive && scrollTop + clientHeight >= scrollHeight - AT_END_PX
      }}
      className="max-h-96 overflow-auto rounded-md border border-line bg-bg p-2"
    >
      <pre data-selectable className="font-mono text-xs break-all whitespace-pre-wrap">
        {text}
      </pre>
    </section>
  )
}

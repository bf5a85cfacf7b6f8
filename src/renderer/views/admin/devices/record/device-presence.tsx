import { useCallback } from 'react'
import { clockText } from '../../../../components/format/duration.ts'
import { Notice } from '../../../../components/notice.tsx'
import { Elapsed, Moment } from '../../../../components/times.tsx'
import { Waiting } from '../../../../components/waiting.tsx'
import { usePages } from '../../../use-pages.ts'
import { useAdmin } from '../../admin-context.ts'
import { MoreButton } from '../../more-button.tsx'
import { strings } from './record-strings.ts'

/** When the device was connected, the newest first. */
export function DevicePresence({ deviceId }: { deviceId: string }) {
  const { call } = useAdmin()
  const pages = usePages(
    useCallback(
      async (cursor: string | undefined) => {
        const { spans, nextCursor } = await call.devicePresence({ deviceId, cursor })
        return { rows: spans, nextCursor }
      },
      [call, deviceId],
    ),
  )
  const { state } = pages
  if (state.name === 'loading') return <Waiting words={strings.presence.loading} />
  if (state.name === 'failed') return <Notice tone="danger">{state.refusal.message}</Notice>
  if (state.value.length === 0) return <p className="text-muted">{strings.presence.nothing}</p>
  return (
    <div className="flex flex-col">
      <ul aria-label={strings.presence.list} data-selectable className="flex flex-col">
        {state.value.map(({ fromMs, toMs }) => (
          <li
            key={fromMs}
            className="flex items-baseline justify-between gap-3 border-b border-line py-1.5 last:border-0"
          >
            <span>
              <Moment atMs={fromMs} />{' '}
              {toMs === null ? (
                strings.presence.now
              ) : (
                <>
                  – <Moment atMs={toMs} />
                </>
              )}
            </span>
            <span className="shrink-0 text-muted tabular-nums">
              {toMs === null ? <Elapsed sinceMs={fromMs} /> : clockText(toMs - fromMs)}
            </span>
          </li>
        ))}
      </ul>
      <MoreButton pages={pages} />
    </div>
  )
}

import { useRef } from 'react'
import type { HelpTaken, HelpWaiting } from '#protocol/help/http.ts'
import { Button } from '../../components/button.tsx'
import { Drawer } from '../../components/drawer.tsx'
import { Notice } from '../../components/notice.tsx'
import { Elapsed } from '../../components/times.tsx'
import { useNow } from '../../components/use-now.ts'
import { Waiting } from '../../components/waiting.tsx'
import { useApp, useReady } from '../app-context.ts'
import { useTask } from '../use-task.ts'
import { strings } from './strings.ts'

const TICK_MS = 10_000

/** Who waits at a device, since when and why. The first operator who takes somebody has them. */
export function HelpQueue({ onTaken, onClose }: { onTaken: (taken: HelpTaken) => void; onClose: () => void }) {
  const app = useApp()
  const { status, error, waiting } = useReady(state => state.help)
  const { isBusy, refusal, run } = useTask()
  const now = useNow(TICK_MS)
  const list = useRef<HTMLUListElement>(null)
  const take = (id: string) =>
    void run(async () => {
      const taken = await app.takeHelp(id)
      // The button goes with the person; the dialog gives the focus back to what had it.
      list.current?.focus()
      onTaken(taken)
    })
  const shown = waiting.filter(({ untilMs }) => untilMs > now)
  const problem = refusal ?? (status === 'failed' ? error : null)
  const retry = (
    <Button isSmall disabled={isBusy} onClick={() => void run(app.refreshHelp)}>
      {strings.retry}
    </Button>
  )
  return (
    <Drawer
      title={strings.title}
      subtitle={shown.length > 0 ? strings.count(shown.length) : undefined}
      closeLabel={strings.close}
      onClose={onClose}
    >
      {problem ? (
        <Notice tone="danger" action={status === 'failed' ? retry : undefined}>
          {problem.message}
        </Notice>
      ) : null}
      {status === 'loading' ? <Waiting words={strings.loading} /> : null}
      {status === 'ready' && shown.length === 0 ? (
        <div role="status">
          <p className="font-medium">{strings.emptyTitle}</p>
          <p className="mt-1 text-muted">{strings.emptyHint}</p>
        </div>
      ) : null}
      <ul ref={list} tabIndex={-1} aria-label={strings.title} className="flex flex-col gap-3 outline-none">
        {shown.map(person => (
          <Person key={person.id} person={person} isBusy={isBusy} onTake={() => take(person.id)} />
        ))}
      </ul>
    </Drawer>
  )
}

function Person({ person, isBusy, onTake }: { person: HelpWaiting; isBusy: boolean; onTake: () => void }) {
  const { who, words, deviceName, askedAtMs, online } = person
  return (
    <li className="flex flex-col gap-1 rounded-md border border-line p-3">
      <div className="flex items-baseline justify-between gap-2">
        <h3 data-selectable className="min-w-0 truncate font-semibold" title={who}>
          {who === '' ? strings.unnamed : who}
        </h3>
        <span className="shrink-0 text-muted">
          {strings.since} <Elapsed sinceMs={askedAtMs} />
        </span>
      </div>
      <p data-selectable className="truncate text-muted" title={deviceName}>
        {online ? deviceName : `${deviceName} · ${strings.offline}`}
      </p>
      <p data-selectable className={words === '' ? 'text-muted' : 'break-words'}>
        {words === '' ? strings.noWords : words}
      </p>
      <div className="mt-1">
        <Button isSmall tone="primary" disabled={isBusy} aria-label={strings.takeFor(deviceName)} onClick={onTake}>
          {strings.take}
        </Button>
      </div>
    </li>
  )
}

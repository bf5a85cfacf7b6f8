import type { WatchView } from '#protocol/tools/watch/http.ts'
import { Button } from '../../components/button.tsx'
import { Dialog } from '../../components/dialog.tsx'
import { Facts } from '../../components/drawer.tsx'
import { Notice } from '../../components/notice.tsx'
import { StepUpDialog } from '../admin/step-up-dialog.tsx'
import { useApp, useReady } from '../app-context.ts'
import { toolStrings } from '../session/tools/strings.ts'
import { useTask } from '../use-task.ts'
import { strings } from './strings.ts'

/** Whose tools want a second person, and to look at one of them. */
export function WatchesDialog() {
  const app = useApp()
  const watches = useReady(state => state.watches)
  const { isBusy, refusal, run } = useTask()
  const close = () => app.ui.setState({ dialog: null })
  const watch = (sessionId: string) =>
    run(async () => {
      const begun = await app.beginWatch(sessionId)
      app.ui.setState({ dialog: { name: 'watch', watch: begun } })
    })
  return (
    <Dialog title={strings.title} onClose={close} className="w-[560px]">
      <StepUpDialog />
      <p className="text-muted">{watches.length === 0 ? strings.none : strings.lead}</p>
      {refusal ? (
        <Notice tone="danger" className="mt-3">
          {refusal.message}
        </Notice>
      ) : null}
      <ul className="mt-3 flex flex-col gap-3">
        {watches.map(view => (
          <Wanted key={view.sessionId} view={view} isBusy={isBusy} onWatch={() => void watch(view.sessionId)} />
        ))}
      </ul>
      <div className="mt-5 flex justify-end">
        <Button onClick={close}>{strings.close}</Button>
      </div>
    </Dialog>
  )
}

function Wanted({ view, isBusy, onWatch }: { view: WatchView; isBusy: boolean; onWatch: () => void }) {
  const { operator, deviceName, tools, reason, watcher } = view
  return (
    <li className="rounded-md border border-line p-3">
      <h3 className="mb-2 font-semibold break-words">{strings.wants(operator.name, deviceName)}</h3>
      <Facts
        facts={[
          [strings.tools, tools.map(tool => toolStrings.names[tool]).join(', ')],
          [strings.reason, reason || null],
          [strings.watcher, watcher],
        ]}
      />
      <div className="mt-3">
        <Button
          tone="primary"
          disabled={isBusy}
          aria-label={strings.watchFor(operator.name, deviceName)}
          onClick={onWatch}
        >
          {strings.watch}
        </Button>
      </div>
    </li>
  )
}

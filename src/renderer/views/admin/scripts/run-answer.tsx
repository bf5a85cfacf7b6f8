import type { RunView } from '#protocol/scripts/runs-http.ts'
import { Button } from '../../../components/button.tsx'
import { Facts } from '../../../components/drawer.tsx'
import { Notice } from '../../../components/notice.tsx'
import { Moment } from '../../../components/times.tsx'
import { useAdmin } from '../admin-context.ts'
import { useAct } from '../use-act.ts'
import { runsStrings as strings } from './strings.ts'

/** What somebody else wants to run, to the letter, and the second person's answer. */
export function RunAnswer({ run, onAnswered }: { run: RunView; onAnswered: () => Promise<void> }) {
  const { call } = useAdmin()
  const { isBusy, refusal, run: act } = useAct()
  const answer = (approve: boolean) =>
    void act(async () => {
      await call.answerScriptRun({ runId: run.id, approve })
      await onAnswered()
    })
  return (
    <section aria-label={strings.waits} className="flex flex-col gap-2 rounded-md border border-line p-3">
      <h2 className="font-semibold">{strings.wants(run.operator.name, run.counts.awaiting ?? 0)}</h2>
      <p className="text-muted">{strings.answerHint}</p>
      <div className="grid grid-cols-[minmax(0,1fr)_minmax(0,1.4fr)] gap-4">
        <Facts
          facts={[
            [strings.reason, run.reason],
            ...Object.entries(run.values).map(([name, value]) => [name, value] as const),
            [strings.until, <Moment key="until" atMs={run.expiresAtMs} />],
          ]}
        />
        <pre
          data-selectable
          className="max-h-36 overflow-auto rounded-md border border-line bg-bg p-2 font-mono text-xs whitespace-pre-wrap"
        >
          {run.definition.text}
        </pre>
      </div>
      {refusal ? <Notice tone="danger">{refusal}</Notice> : null}
      <div className="flex gap-2">
        <Button tone="primary" disabled={isBusy} onClick={() => answer(true)}>
          {strings.agree}
        </Button>
        <Button disabled={isBusy} onClick={() => answer(false)}>
          {strings.refuse}
        </Button>
      </div>
    </section>
  )
}

import type { ApprovalView, RunApprovalView } from '#protocol/unattended/http.ts'
import { Button } from '../../components/button.tsx'
import { Dialog } from '../../components/dialog.tsx'
import { Facts } from '../../components/drawer.tsx'
import { Notice } from '../../components/notice.tsx'
import { Left, Moment } from '../../components/times.tsx'
import { CAPABILITY_WORDS } from '../admin/policy/capability-words.ts'
import { useApp, useReady } from '../app-context.ts'
import { useTask } from '../use-task.ts'
import { strings } from './strings.ts'

/** Who wants into which device with nobody there, or to run what on them, and the second person's answer. */
export function ApprovalsDialog() {
  const app = useApp()
  const approvals = useReady(state => state.approvals)
  const { isBusy, refusal, run } = useTask()
  const close = () => app.ui.setState({ dialog: null })
  const look = (runId: string) => {
    app.admin.showRun(runId)
    app.ui.setState({ dialog: null, selected: 'admin' })
  }
  return (
    <Dialog title={strings.title} onClose={close} className="w-[560px]">
      <p className="text-muted">{approvals.length === 0 ? strings.none : strings.lead}</p>
      {refusal ? (
        <Notice tone="danger" className="mt-3">
          {refusal.message}
        </Notice>
      ) : null}
      <ul className="mt-3 flex flex-col gap-3">
        {approvals.map(approval =>
          'runId' in approval ? (
            <WaitingRun key={approval.runId} approval={approval} onLook={() => look(approval.runId)} />
          ) : (
            <Waiting
              key={approval.sessionId}
              approval={approval}
              isBusy={isBusy}
              onAnswer={approve => void run(() => app.answerApproval(approval.sessionId, approve))}
            />
          ),
        )}
      </ul>
      <div className="mt-5 flex justify-end">
        <Button onClick={close}>{strings.close}</Button>
      </div>
    </Dialog>
  )
}

/** What a script would do has to be read before it is answered, which its own page is for. */
function WaitingRun({ approval, onLook }: { approval: RunApprovalView; onLook: () => void }) {
  const { operator, scriptName, devices, reason, untilMs } = approval
  return (
    <li className="rounded-md border border-line p-3">
      <h3 className="mb-2 font-semibold break-words">{strings.wantsRun(operator.name, scriptName, devices)}</h3>
      <Facts
        facts={[
          [strings.reason, reason],
          [strings.until, <Moment key="until" atMs={untilMs} />],
        ]}
      />
      <Button tone="primary" className="mt-3" aria-label={strings.lookAt(operator.name, scriptName)} onClick={onLook}>
        {strings.look}
      </Button>
    </li>
  )
}

function Waiting(props: { approval: ApprovalView; isBusy: boolean; onAnswer: (approve: boolean) => void }) {
  const { approval, isBusy, onAnswer } = props
  const { operator, deviceName, reason, ticket, scopes, untilMs } = approval
  return (
    <li className="rounded-md border border-line p-3">
      <h3 className="mb-2 font-semibold break-words">{strings.wants(operator.name, deviceName)}</h3>
      <Facts
        facts={[
          [strings.reason, reason || null],
          [strings.ticket, ticket],
          [strings.may, scopes.map(scope => CAPABILITY_WORDS[scope]).join(', ')],
          [strings.left, <Left key="left" untilMs={untilMs} />],
        ]}
      />
      <div className="mt-3 flex gap-2">
        <Button
          tone="primary"
          disabled={isBusy}
          aria-label={strings.approveFor(operator.name, deviceName)}
          onClick={() => onAnswer(true)}
        >
          {strings.approve}
        </Button>
        <Button
          disabled={isBusy}
          aria-label={strings.denyFor(operator.name, deviceName)}
          onClick={() => onAnswer(false)}
        >
          {strings.deny}
        </Button>
      </div>
    </li>
  )
}

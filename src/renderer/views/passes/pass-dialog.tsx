import type { PassOpening } from '#ipc/operator.ts'
import { Button } from '../../components/button.tsx'
import { Dialog } from '../../components/dialog.tsx'
import { Facts } from '../../components/drawer.tsx'
import { Notice } from '../../components/notice.tsx'
import { Left } from '../../components/times.tsx'
import { Waiting } from '../../components/waiting.tsx'
import { CAPABILITY_WORDS } from '../admin/policy/capability-words.ts'
import { useApp } from '../app-context.ts'
import { useTask } from '../use-task.ts'
import { strings } from './strings.ts'

/** An access pass that was opened from outside: what it is for, and the person's yes or no. */
export function PassDialog({ pass }: { pass: PassOpening }) {
  const app = useApp()
  const { isBusy, refusal, run } = useTask()
  const dismiss = () => void run(() => app.dismissPass())
  if (pass.name === 'refused') {
    return (
      <Dialog title={strings.refused} onClose={dismiss}>
        <Notice tone="danger">{pass.error.message}</Notice>
        <div className="mt-5 flex justify-end">
          <Button onClick={dismiss}>{strings.close}</Button>
        </div>
      </Dialog>
    )
  }
  if (pass.name !== 'offered') {
    return (
      <Dialog title={strings.menu} onClose={dismiss}>
        <Waiting words={strings.reading} />
      </Dialog>
    )
  }
  return (
    <Dialog title={strings.offered(pass.deviceName)} onClose={dismiss}>
      <p className="mb-3 text-muted">{strings.lead}</p>
      <Facts
        facts={[
          [strings.reason, pass.reason || null],
          [strings.may, pass.scopes.map(scope => CAPABILITY_WORDS[scope]).join(', ')],
          [strings.left, <Left key="left" untilMs={pass.untilMs} />],
        ]}
      />
      {refusal ? (
        <Notice tone="danger" className="mt-3">
          {refusal.message}
        </Notice>
      ) : null}
      <div className="mt-5 flex justify-end gap-2">
        <Button disabled={isBusy} onClick={dismiss}>
          {strings.cancel}
        </Button>
        <Button tone="primary" disabled={isBusy} onClick={() => void run(() => app.openPass())}>
          {isBusy ? strings.opening : strings.open}
        </Button>
      </div>
    </Dialog>
  )
}

import { ChevronDown, LockKeyhole, LockKeyholeOpen } from 'lucide-react'
import type { TrustState } from '#ipc/admin/trust.ts'
import { Button } from '../../../components/button.tsx'
import { Menu, MenuItem, MenuLine } from '../../../components/menu.tsx'
import { Notice } from '../../../components/notice.tsx'
import { Status } from '../../../components/status.tsx'
import { Moment } from '../../../components/times.tsx'
import { useNow } from '../../../components/use-now.ts'
import { useAdmin } from '../admin-context.ts'
import type { Question } from '../confirm-dialog.tsx'
import type { KeyDialogName } from './key-dialogs.tsx'
import { questions, strings } from './strings.ts'

export interface KeyBarProps {
  readonly trust: TrustState
  readonly onDialog: (name: KeyDialogName) => void
  readonly onAsk: (question: Question) => void
}

/** The key by its words, what it says to devices, and what can be done with it. */
export function KeyBar({ trust, onDialog, onAsk }: KeyBarProps) {
  const { key, order, problem } = trust
  if (!key) return null
  return (
    <div className="flex flex-col gap-3 border-t border-line px-5 py-3">
      {problem ? <Notice tone="danger">{problem.message}</Notice> : null}
      {key.isHere && key.backedUpAtMs === null ? <Notice tone="warn">{strings.notBackedUp}</Notice> : null}
      {key.isHere && order === null ? <Notice tone="warn">{strings.strictUnknown}</Notice> : null}
      <div className="flex items-start gap-4">
        <div className="min-w-0 flex-1">
          <div className="text-muted">{strings.key}</div>
          <div data-selectable className="font-medium break-words">
            {key.words}
          </div>
          <OrderLine trust={trust} />
        </div>
        {key.isHere ? (
          <Acts trust={trust} onDialog={onDialog} onAsk={onAsk} />
        ) : (
          <div className="flex flex-col items-end gap-2">
            <span className="text-muted">{strings.notHere}</span>
            <KeyMenu isHere={false} onDialog={onDialog} onAsk={onAsk} />
          </div>
        )}
      </div>
    </div>
  )
}

function OrderLine({ trust: { order } }: { trust: TrustState }) {
  const now = useNow(60_000)
  if (!order) return null
  const isOver = order.strict && order.validUntilMs < now
  return (
    <div className="mt-1 flex flex-wrap items-center gap-x-4 gap-y-1">
      {order.strict ? (
        <Status tone="ok" icon={LockKeyhole} word={strings.strictOn} />
      ) : (
        <Status tone="muted" icon={LockKeyholeOpen} word={strings.strictOff} />
      )}
      {order.strict ? (
        <span className={isOver ? 'text-danger-text' : 'text-muted'}>
          {isOver ? strings.overdue : `${strings.validUntil} `}
          {isOver ? null : <Moment atMs={order.validUntilMs} />}
        </span>
      ) : null}
    </div>
  )
}

function Acts({ trust: { order }, onDialog, onAsk }: KeyBarProps) {
  const { call } = useAdmin()
  const on = { ...questions.turnOn, act: () => call.setStrict({ strict: true }) }
  const off = { ...questions.turnOff, act: () => call.setStrict({ strict: false }) }
  const renew = { ...questions.renew, act: () => call.renewOrganisationOrder(undefined) }
  return (
    <div className="flex gap-2">
      {order?.strict ? (
        <Button onClick={() => onAsk(renew)}>{strings.renew}</Button>
      ) : (
        <Button tone="primary" onClick={() => onAsk(on)}>
          {strings.turnOn}
        </Button>
      )}
      {order?.strict === false ? null : <Button onClick={() => onAsk(off)}>{strings.turnOff}</Button>}
      <KeyMenu isHere onDialog={onDialog} onAsk={onAsk} />
    </div>
  )
}

function KeyMenu({ isHere, onDialog, onAsk }: { isHere: boolean } & Omit<KeyBarProps, 'trust'>) {
  const { call } = useAdmin()
  const handOver = { ...questions.handOver, act: () => call.handOverOrganisationKey(undefined) }
  const forget = { ...questions.forget, act: () => call.forgetOrganisationKey(undefined) }
  return (
    <Menu
      align="end"
      trigger={
        <Button>
          {strings.more}
          <ChevronDown aria-hidden size={14} />
        </Button>
      }
    >
      {isHere ? (
        <>
          <MenuItem onSelect={() => onDialog('phrase')}>{strings.phrase}</MenuItem>
          <MenuItem onSelect={() => onDialog('backup')}>{strings.backup}</MenuItem>
          <MenuItem onSelect={() => onAsk(handOver)}>{strings.handOver}</MenuItem>
        </>
      ) : (
        <MenuItem onSelect={() => onDialog('restore')}>{strings.restore}</MenuItem>
      )}
      <MenuItem onSelect={() => onDialog('configuration')}>{strings.configuration}</MenuItem>
      <MenuLine />
      <MenuItem onSelect={() => onAsk(forget)}>{strings.forget}</MenuItem>
    </Menu>
  )
}

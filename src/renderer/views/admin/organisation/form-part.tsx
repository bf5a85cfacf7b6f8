import { clsx } from 'clsx'
import { type ReactNode, useState } from 'react'
import { Button } from '../../../components/button.tsx'
import { Notice } from '../../../components/notice.tsx'
import { useAct } from '../use-act.ts'
import { strings } from './strings.ts'

/** A part of the page that is saved by itself, by Enter too. */
export function FormPart(props: {
  title: string
  lead: string
  isReady: boolean
  act: () => Promise<void>
  /** Beside the button that saves. */
  more?: ReactNode
  className: string
  children: ReactNode
}) {
  const { isBusy, refusal, run } = useAct()
  const [isSaved, setSaved] = useState(false)
  const save = async () => {
    setSaved(false)
    setSaved(await run(props.act))
  }
  return (
    <form
      aria-label={props.title}
      className={clsx('flex flex-col gap-4', props.className)}
      onSubmit={event => {
        event.preventDefault()
        if (props.isReady && !isBusy) void save()
      }}
    >
      <div>
        <h2 className="text-base font-semibold">{props.title}</h2>
        <p className="text-muted">{props.lead}</p>
      </div>
      {props.children}
      {refusal ? <Notice tone="danger">{refusal}</Notice> : null}
      <div className="flex items-center gap-2">
        <Button tone="primary" type="submit" disabled={isBusy || !props.isReady}>
          {isBusy ? strings.busy : strings.save}
        </Button>
        {props.more}
        <span role="status" className="text-muted">
          {isSaved ? strings.saved : null}
        </span>
      </div>
    </form>
  )
}

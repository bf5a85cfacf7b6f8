import type { FormEvent, ReactNode } from 'react'
import { Button } from '../../components/button.tsx'
import { Mark } from '../../components/mark.tsx'
import { Notice } from '../../components/notice.tsx'
import { strings } from './strings.ts'

/** One step of signing in. It stays, with the reason, while the step is refused. */
export function SignInForm(props: {
  title: string
  lead: string
  submit: string
  isBusy: boolean
  isReady?: boolean
  refusal: string | null
  onSubmit: () => void
  children: ReactNode
  /** Under the button: other ways. */
  foot?: ReactNode
}) {
  const { isBusy, isReady = true, refusal } = props
  const submit = (event: FormEvent) => {
    event.preventDefault()
    if (isReady && !isBusy) props.onSubmit()
  }
  return (
    <main className="grid h-full place-items-center overflow-auto p-6">
      <form onSubmit={submit} aria-busy={isBusy} className="flex w-[360px] flex-col gap-4">
        <header className="mb-2 flex flex-col gap-3">
          <Mark size={36} />
          <div>
            <h1 className="text-xl font-semibold">{props.title}</h1>
            <p className="truncate text-muted">{props.lead}</p>
          </div>
        </header>
        {props.children}
        {refusal ? <Notice tone="danger">{refusal}</Notice> : null}
        <Button type="submit" tone="primary" disabled={isBusy || !isReady} className="h-9">
          {isBusy ? strings.busy : props.submit}
        </Button>
        {props.foot}
      </form>
    </main>
  )
}

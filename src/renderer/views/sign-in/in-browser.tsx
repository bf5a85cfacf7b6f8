import { useState } from 'react'
import { Button } from '../../components/button.tsx'
import { useApp } from '../app-context.ts'
import { useTask } from '../use-task.ts'
import { BrowserCode, isBrowserCode } from './browser-code.tsx'
import { SignInForm } from './sign-in-form.tsx'
import { browserStrings as strings } from './strings.ts'

/** While the system's browser has the sign-in, and after it: the code that it shows. */
export function InBrowser({ isDone }: { isDone: boolean }) {
  const app = useApp()
  const { isBusy, refusal, run } = useTask()
  const [code, setCode] = useState('')
  const submit = () =>
    run(async () => {
      setCode('')
      await app.finishBrowserSignIn(code)
    })
  return (
    <SignInForm
      title={strings.title}
      lead={strings.lead}
      submit={strings.submit}
      isBusy={isBusy}
      isReady={isBrowserCode(code)}
      refusal={refusal?.message ?? null}
      onSubmit={() => void submit()}
      foot={
        <Button tone="quiet" onClick={() => void app.cancelSignIn()}>
          {strings.startAgain}
        </Button>
      }
    >
      <p role="status" className="text-muted">
        {isDone ? strings.done : strings.waiting}
      </p>
      <BrowserCode code={code} onChange={setCode} />
    </SignInForm>
  )
}

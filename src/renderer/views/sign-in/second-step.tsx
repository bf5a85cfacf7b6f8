import { useState } from 'react'
import { secondFactorAnswerSchema } from '#protocol/identity-http.ts'
import { Button } from '../../components/button.tsx'
import { Field } from '../../components/field.tsx'
import { useApp } from '../app-context.ts'
import { useTask } from '../use-task.ts'
import { SignInForm } from './sign-in-form.tsx'
import { secondStepStrings as strings } from './strings.ts'

/** After the right password: the code of the authenticator app, or a recovery code where the app is lost. */
export function SecondStep({ email }: { email: string }) {
  const app = useApp()
  const { isBusy, refusal, run, clear } = useTask()
  const [isRecovery, setRecovery] = useState(false)
  const [text, setText] = useState('')
  const answer = secondFactorAnswerSchema.safeParse(isRecovery ? { recoveryCode: text.trim() } : { code: text })
  const switchTo = (recovery: boolean) => {
    setRecovery(recovery)
    setText('')
    clear()
  }
  const submit = () =>
    run(async () => {
      setText('')
      if (answer.success) await app.finishSignIn(answer.data)
    })
  return (
    <SignInForm
      title={strings.title}
      lead={strings.lead(email)}
      submit={strings.submit}
      isBusy={isBusy}
      isReady={answer.success}
      refusal={refusal?.message ?? null}
      onSubmit={() => void submit()}
      foot={
        <div className="flex flex-col gap-3">
          <div className="flex justify-between">
            <Button tone="quiet" onClick={() => switchTo(!isRecovery)}>
              {isRecovery ? strings.useCode : strings.useRecoveryCode}
            </Button>
            <Button tone="quiet" onClick={() => void app.cancelSignIn()}>
              {strings.startAgain}
            </Button>
          </div>
          <p className="text-xs text-muted">{strings.passkeys}</p>
        </div>
      }
    >
      {isRecovery ? (
        <Field
          key="recovery"
          label={strings.recoveryCode}
          hint={strings.recoveryCodeHint}
          name="recovery-code"
          autoComplete="off"
          spellCheck={false}
          autoFocus
          maxLength={40}
          value={text}
          onChange={event => setText(event.target.value)}
        />
      ) : (
        <Field
          key="code"
          label={strings.code}
          hint={strings.codeHint}
          name="code"
          inputMode="numeric"
          autoComplete="one-time-code"
          autoFocus
          maxLength={10}
          value={text}
          // People type and paste it with a space in the middle.
          onChange={event => setText(event.target.value.replace(/\D/g, '').slice(0, 6))}
        />
      )}
    </SignInForm>
  )
}

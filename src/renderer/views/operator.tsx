import { Tooltip } from 'radix-ui'
import { assertNever } from '#protocol/assert-never.ts'
import { Button } from '../components/button.tsx'
import { Notice } from '../components/notice.tsx'
import { Waiting } from '../components/waiting.tsx'
import type { OperatorApp } from '../stores/operator-app.ts'
import { AppContext, useMain } from './app-context.ts'
import { usePassDrop } from './passes/use-pass-drop.ts'
import { Shell } from './shell/shell.tsx'
import { InBrowser } from './sign-in/in-browser.tsx'
import { SecondStep } from './sign-in/second-step.tsx'
import { SignIn } from './sign-in/sign-in.tsx'
import { strings } from './sign-in/strings.ts'

/** The operator's window. */
export function Operator({ app }: { app: OperatorApp }) {
  return (
    <AppContext value={app}>
      <Tooltip.Provider delayDuration={500}>
        <Stage />
      </Tooltip.Provider>
    </AppContext>
  )
}

function Stage() {
  const state = useMain(main => main)
  usePassDrop()
  if (state.name === 'loading') return <Centred words={strings.starting} />
  if (state.name === 'failed') return <Failed message={state.refusal.message} />
  switch (state.auth.name) {
    case 'restoring':
      return <Centred words={strings.restoring} />
    case 'signed-out':
      return <SignIn auth={state.auth} />
    case 'second-factor':
      return <SecondStep email={state.auth.email} />
    case 'browser':
      return <InBrowser isDone={state.auth.isDone} />
    case 'signed-in':
      return <Shell />
    default:
      return assertNever(state.auth)
  }
}

const Centred = ({ words }: { words: string }) => (
  <main className="grid h-full place-items-center">
    <Waiting words={words} />
  </main>
)

const Failed = ({ message }: { message: string }) => (
  <main className="grid h-full place-items-center">
    <div className="flex w-96 flex-col items-start gap-3">
      <Notice tone="danger" className="w-full">
        {strings.startFailed} {message}
      </Notice>
      <Button onClick={() => location.reload()}>{strings.reload}</Button>
    </div>
  </main>
)

import { createStore, type StoreApi } from 'zustand/vanilla'
import { type Refusal, refusalOf } from '../refusal.ts'

const CANCELLED: Refusal = {
  code: 'step-up-required',
  message: 'Nothing was changed, because you didn’t confirm that it is you.',
}

export interface StepUp {
  /** Whether the person is being asked who they are. */
  readonly store: StoreApi<{ readonly isAsking: boolean }>
  /** Runs `task`. Where the relay wants a fresh proof of who the person is, asks for it and runs it again. */
  run<T>(task: () => Promise<T>): Promise<T>
  /** The person has proved it. */
  confirmed(): void
  /** The person doesn't want to: what waits is refused. */
  cancel(): void
}

/** One question at a time: acts that meet it while it is open wait for the same answer. */
export function createStepUp(): StepUp {
  const store = createStore(() => ({ isAsking: false }))
  let answer: PromiseWithResolvers<void> | undefined

  const ask = (): Promise<void> => {
    answer ??= Promise.withResolvers<void>()
    store.setState({ isAsking: true })
    return answer.promise
  }
  const settle = (): PromiseWithResolvers<void> | undefined => {
    const settled = answer
    answer = undefined
    store.setState({ isAsking: false })
    return settled
  }

  return {
    store,
    async run(task) {
      try {
        return await task()
      } catch (thrown) {
        if (refusalOf(thrown).code !== 'step-up-required') throw thrown
        await ask()
        return task()
      }
    },
    confirmed: () => settle()?.resolve(),
    cancel: () => settle()?.reject(CANCELLED),
  }
}

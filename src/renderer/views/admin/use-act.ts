import { useTask } from '../use-task.ts'

/** One act of a dialog or a drawer: its progress, and the words with which it was refused. */
export function useAct() {
  const { isBusy, refusal, run, clear } = useTask()
  return { isBusy, refusal: refusal?.message ?? null, run, clear }
}

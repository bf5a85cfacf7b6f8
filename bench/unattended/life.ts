import type { UnattendedOperator } from '../../testing/unattended-operator.ts'

/** How long the operator does nothing between two steps. */
const STEP_MS = 250

/** As many as `onStep` hears of. */
export const LIFE_STEPS = 8

/**
 * The whole life of one session: password, in, a shell and what is started there, out, back in, a shell again, out again, and nothing more. Nothing is begun
 * once `signal` aborted. `onStep` is called when each begins, and last when nothing more does.
 */
export async function liveThrough(
  operator: UnattendedOperator,
  signal: AbortSignal,
  onStep: () => void,
): Promise<void> {
  const aborted = new Promise<never>((_, reject) => signal.addEventListener('abort', () => reject(signal.reason)))
  aborted.catch(() => undefined)
  const pause = async () => {
    await new Promise(resolve => setTimeout(resolve, STEP_MS))
    signal.throwIfAborted()
    onStep()
  }
  // A device that was killed answers nobody.
  const work = async () => {
    await pause()
    await Promise.race([openShell(operator), aborted])
    await pause()
    await operator.leave()
  }
  onStep()
  const password = await operator.password()
  await pause()
  await operator.enter(await operator.withPassword(password))
  const heard = operator.heard
  await work()
  await pause()
  await operator.enter(await operator.withResumeKey(heard))
  await work()
  onStep()
}

/** With a program in it that leaves its terminal and would stay. */
async function openShell(operator: UnattendedOperator): Promise<void> {
  await operator.unlock('shell')
  operator.command({ type: 'open', tool: 'shell', request: 1, shell: 'sh', columns: 80, rows: 24 })
  const opened = await operator.peer.message('tools', message => JSON.stringify(message).includes('"opened"'))
  const { terminal } = (opened as { readonly terminal: { readonly terminal: number } }).terminal
  operator.command({ type: 'input', tool: 'shell', terminal, data: 'setsid sleep 1000 &\n' })
}

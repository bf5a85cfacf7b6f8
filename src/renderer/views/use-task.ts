import { useCallback, useState } from 'react'
import { type Refusal, refusalOf } from '../stores/refusal.ts'

/** Runs one call at a time and keeps what main said when it refused. */
export function useTask(): {
  readonly isBusy: boolean
  readonly refusal: Refusal | null
  /** Whether it went well; false as well while another run is under way. */
  readonly run: (task: () => Promise<void>) => Promise<boolean>
  readonly clear: () => void
} {
  const [isBusy, setBusy] = useState(false)
  const [refusal, setRefusal] = useState<Refusal | null>(null)
  const run = useCallback(
    async (task: () => Promise<void>) => {
      if (isBusy) return false
      setBusy(true)
      setRefusal(null)
      try {
        await task()
        return true
      } catch (thrown) {
        setRefusal(refusalOf(thrown))
        return false
      } finally {
        setBusy(false)
      }
    },
    [isBusy],
  )
  const clear = useCallback(() => setRefusal(null), [])
  return { isBusy, refusal, run, clear }
}

import { useEffect, useState } from 'react'

interface Acts {
  /** Goes to the row; without one to where the list is. */
  readonly go: (index?: number) => void
  /** Opens the row; without one the active one, or the first. */
  readonly open: (index?: number) => void
}

/**
 * The keys of a search whose answer takes a moment: what is pressed before it is there is done when it is, on the rows that were searched for and never on
 * those that still stand there.
 */
export function useTypedAhead(isAnswered: boolean, rows: number, { go, open }: Acts) {
  const [ahead, setAhead] = useState<{ downs: number; opens: boolean } | null>(null)
  // biome-ignore lint/correctness/useExhaustiveDependencies: once, when the answer is there
  useEffect(() => {
    if (!isAnswered || ahead === null) return
    setAhead(null)
    if (rows === 0) return
    const index = Math.max(0, ahead.downs - 1)
    if (ahead.downs > 0) go(index)
    if (ahead.opens) open(index)
  }, [isAnswered, ahead])
  const wait = (change: { downs?: number; opens?: boolean }) =>
    setAhead(before => ({ downs: before?.downs ?? 0, opens: false, ...change }))
  return {
    down: () => (isAnswered ? go() : wait({ downs: (ahead?.downs ?? 0) + 1 })),
    enter: () => (isAnswered ? open() : wait({ opens: true })),
  }
}

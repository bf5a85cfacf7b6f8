import { TriangleAlert } from 'lucide-react'
import type { Company } from '#protocol/peer/company.ts'
import type { PictureProblem } from '#protocol/peer/control.ts'
import { companyStrings, problemStrings, liveStrings as strings } from './strings.ts'
import { useSteady } from './use-steady.ts'

/** What is wrong with a picture that is there: one line below it, so that nothing of it is hidden. */
export function ProblemLine({ problem }: { problem: PictureProblem | undefined }) {
  const steady = useSteady(problem)
  if (!steady) return null
  const [title, next] = problemStrings[steady]
  return <Line title={title} next={next} />
}

/** The picture goes on without a word of the relay; what the operator does, doesn't. */
export const FrozenLine = () => <Line title={strings.frozen} next={strings.frozenHint} />

/** They write in the chat, or answer something. */
export const KeyboardLine = () => <Line title={strings.keyboardPersons} next={strings.keyboardPersonsHint} />

/** Somebody else's mouse and keyboard count now. */
export function TurnLine({ company }: { company: Company }) {
  const holder = company.find(({ hasInput }) => hasInput)
  const next = company[0]?.isSelf ? companyStrings.turnBack : companyStrings.turnWait
  return <Line title={companyStrings.turn(holder?.name)} next={next} />
}

function Line({ title, next }: { title: string; next: string }) {
  return (
    <p
      role="status"
      title={next}
      className="flex h-8 shrink-0 items-center gap-2 border-t border-line bg-surface px-3 text-xs"
    >
      <TriangleAlert aria-hidden size={14} className="shrink-0 text-warn-text" />
      <span className="shrink-0 font-medium">{title}</span>
      <span className="min-w-0 truncate text-muted">{next}</span>
    </p>
  )
}

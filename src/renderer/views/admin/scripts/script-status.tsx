import { CircleCheck, Hourglass } from 'lucide-react'
import type { ScriptView } from '#protocol/scripts/http.ts'
import { Status } from '../../../components/status.tsx'
import { libraryStrings as strings } from './strings.ts'

export const ScriptStatus = ({ script: { approvedBy } }: { script: ScriptView }) =>
  approvedBy === null ? (
    <Status tone="warn" icon={Hourglass} word={strings.waiting} />
  ) : (
    <Status tone="ok" icon={CircleCheck} word={strings.approved} />
  )

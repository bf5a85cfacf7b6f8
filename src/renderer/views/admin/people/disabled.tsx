import { CircleSlash } from 'lucide-react'
import { Status } from '../../../components/status.tsx'
import { strings } from './strings.ts'

export const Disabled = () => <Status tone="danger" icon={CircleSlash} word={strings.disabled} />

import { LoaderCircle } from 'lucide-react'

/** Work under way, in words. */
export function Waiting({ words }: { words: string }) {
  return (
    <p role="status" className="inline-flex items-center gap-2 text-muted">
      <LoaderCircle aria-hidden size={16} className="animate-spin" />
      {words}
    </p>
  )
}

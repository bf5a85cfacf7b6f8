import { useRef, useState } from 'react'
import { Button } from './button.tsx'

/** A command to run elsewhere, with a button that copies it; where the clipboard is closed, the text is selected instead. */
export function Command(props: { text: string; copyLabel: string; copiedLabel: string; byHandLabel: string }) {
  const [label, setLabel] = useState(props.copyLabel)
  const code = useRef<HTMLElement>(null)
  const copy = async () => {
    try {
      await navigator.clipboard.writeText(props.text)
      setLabel(props.copiedLabel)
    } catch {
      if (code.current) getSelection()?.selectAllChildren(code.current)
      setLabel(props.byHandLabel)
    }
  }
  return (
    <div className="mt-2 flex items-start gap-2 rounded-md border border-line bg-bg p-2">
      <pre className="min-w-0 flex-1 overflow-x-auto py-1 font-mono text-xs leading-5">
        <code ref={code}>{props.text}</code>
      </pre>
      <Button isSmall onClick={() => void copy()}>
        {label}
      </Button>
    </div>
  )
}

import { Button } from '../../../../components/button.tsx'
import { Dialog } from '../../../../components/dialog.tsx'
import { linesOf } from '../../../../session/tools/pasted-text.ts'
import { shellStrings as strings } from '../strings.ts'

/** Several lines are several commands: they are shown before they run. */
export function PasteDialog({ text, onPaste, onClose }: { text: string; onPaste: () => void; onClose: () => void }) {
  return (
    <Dialog title={strings.pasteTitle(linesOf(text))} onClose={onClose} className="w-[560px]">
      <p className="mb-3 text-muted">{strings.pasteText}</p>
      <pre
        data-selectable
        className="max-h-60 overflow-auto rounded-md border border-line bg-bg p-2 font-mono text-xs whitespace-pre-wrap"
      >
        {text}
      </pre>
      <div className="mt-4 flex justify-end gap-2">
        <Button onClick={onClose} autoFocus>
          {strings.cancel}
        </Button>
        <Button tone="primary" onClick={onPaste}>
          {strings.pasteSubmit}
        </Button>
      </div>
    </Dialog>
  )
}

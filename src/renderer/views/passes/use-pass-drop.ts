import { useEffect } from 'react'
import { PASS_FILE_MAX_BYTES } from '#protocol/trust/access-pass.ts'
import { useApp } from '../app-context.ts'

/** An access pass may be let go anywhere over the window. Nothing else that is dropped does anything: a browser of its own would go there. */
export function usePassDrop(): void {
  const app = useApp()
  useEffect(() => {
    const over = (event: DragEvent) => {
      event.preventDefault()
      if (event.dataTransfer) event.dataTransfer.dropEffect = isOfFiles(event) ? 'copy' : 'none'
    }
    const drop = (event: DragEvent) => {
      event.preventDefault()
      const files = [...(event.dataTransfer?.files ?? [])].slice(0, 2)
      if (files.length > 0) void Promise.all(files.map(textOf)).then(texts => app.dropPass(texts))
    }
    window.addEventListener('dragover', over)
    window.addEventListener('drop', drop)
    return () => {
      window.removeEventListener('dragover', over)
      window.removeEventListener('drop', drop)
    }
  }, [app])
}

const isOfFiles = ({ dataTransfer }: DragEvent): boolean => dataTransfer?.types.includes('Files') ?? false

/** Nothing where it can't be a pass: main says so. A folder can't be read. */
const textOf = (file: File): Promise<string> =>
  file.size > PASS_FILE_MAX_BYTES ? Promise.resolve('') : file.text().catch(() => '')

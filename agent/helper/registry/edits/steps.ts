import type { RegSection } from '../reg-file/parse.ts'
import type { Branch, RegistryKey, Step, ValueData } from '../registry.ts'

/** What goes back from these, in the order in which it has to be done. */
export const reversed = (steps: readonly Step[]): Step[] => steps.toReversed().map(backwards)

function backwards(step: Step): Step {
  switch (step.do) {
    case 'value':
      return { ...step, before: step.after, after: step.before }
    case 'make':
      return { do: 'delete', branch: step.branch }
    case 'delete':
      return { do: 'make', branch: step.branch }
  }
}

/** The steps as a `.reg` file has them: importing it does them. */
export function sectionsOf(steps: readonly Step[]): RegSection[] {
  const sections: RegSection[] = []
  for (const step of steps) {
    if (step.do === 'delete') sections.push({ path: step.branch[0].path, isDeleted: true, values: [] })
    else if (step.do === 'make') sections.push(...step.branch.map(sectionOf))
    else {
      const last = sections.at(-1)
      const value = { name: step.name, data: step.after }
      if (last?.path === step.path && !last.isDeleted) last.values.push(value)
      else sections.push({ path: step.path, isDeleted: false, values: [value] })
    }
  }
  return sections
}

export const sectionOf = ({ path, values }: RegistryKey): RegSection => ({
  path,
  isDeleted: false,
  values: values.map(({ name, type, bytes }) => ({ name, data: { type, bytes } })),
})

/** The branch under another name. */
export function movedTo(branch: Branch, path: string): Branch {
  const from = branch[0].path.length
  const moved = branch.map(key => ({ ...key, path: path + key.path.slice(from) }))
  return moved as unknown as Branch
}

export const sameData = (a: ValueData | null, b: ValueData | null): boolean =>
  a === null || b === null
    ? a === b
    : a.type === b.type && a.bytes.length === b.bytes.length && a.bytes.every((byte, index) => byte === b.bytes[index])

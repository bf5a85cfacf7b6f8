type Child = Node | string | null

interface Looks<Tag extends keyof HTMLElementTagNameMap> {
  readonly class?: string
  readonly set?: Partial<HTMLElementTagNameMap[Tag]>
  readonly attributes?: Readonly<Record<string, string>>
}

/** An element with its children. Text is only ever text. */
export function element<Tag extends keyof HTMLElementTagNameMap>(
  tag: Tag,
  looks: Looks<Tag> = {},
  children: readonly Child[] = [],
): HTMLElementTagNameMap[Tag] {
  const made = document.createElement(tag)
  Object.assign(made, looks.set)
  if (looks.class) made.className = looks.class
  for (const [name, value] of Object.entries(looks.attributes ?? {})) made.setAttribute(name, value)
  made.append(...children.filter(child => child !== null))
  return made
}

export const paragraph = (text: string, kind?: string) => element('p', kind ? { class: kind } : {}, [text])

/** Puts one content of the page in the place of the other. Who reads by ear hears its heading. */
export function show(title: string, children: readonly Child[]): void {
  const heading = element('h1', { set: { tabIndex: -1 } }, [title])
  document.title = `${title} – Handhold`
  document.querySelector('main')?.replaceChildren(heading, ...children.filter(child => child !== null))
  // A page that is one form is there to be filled in.
  const first = document.querySelector<HTMLElement>('main > form input')
  ;(first ?? heading).focus()
}

export function button(label: string, onClick: () => void, kind = 'secondary'): HTMLButtonElement {
  const made = element('button', { class: kind, set: { type: 'button' } }, [label])
  made.addEventListener('click', onClick)
  return made
}

/**
 * xterm.js writes style sheets and style attributes into the page, which the page's policy refuses from anybody. It may be told another document to make its
 * elements with: this is the window's own, except that style sheets become constructed ones and style attributes are set through the element, which a page's
 * own script may do.
 */
export function styledDocument(real: Document): Document {
  const createElement = (name: string): HTMLElement => {
    if (name === 'style') return sheetElement(real)
    const element = real.createElement(name)
    if (name === 'span') element.setAttribute = setAttribute
    return element
  }
  return new Proxy(real, {
    get(target, key) {
      if (key === 'createElement') return createElement
      const value: unknown = Reflect.get(target, key, target)
      return typeof value === 'function' ? value.bind(target) : value
    },
  })
}

function setAttribute(this: HTMLElement, name: string, value: string): void {
  if (name === 'style') this.style.cssText = value
  else Element.prototype.setAttribute.call(this, name, value)
}

/** Stands in the page where the style element would; its text is a constructed sheet as long as it is in the page. */
function sheetElement(real: Document): HTMLElement {
  const sheet = new CSSStyleSheet()
  const element = real.createElement('template')
  real.adoptedStyleSheets = [...real.adoptedStyleSheets, sheet]
  Object.defineProperty(element, 'textContent', { set: (text: string) => sheet.replaceSync(text) })
  element.remove = () => {
    real.adoptedStyleSheets = real.adoptedStyleSheets.filter(other => other !== sheet)
    Element.prototype.remove.call(element)
  }
  return element
}

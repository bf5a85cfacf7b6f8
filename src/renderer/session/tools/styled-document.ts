/**
 * xterm.js writes style sheets and style attributes into the page, which the page's policy refuses from anybody. While it opens, the style elements that it makes are
 * constructed sheets instead, and a span's style attribute is set through the element: both are what a page's own script may do.
 */
export function openStyled(open: () => void): void {
  HTMLSpanElement.prototype.setAttribute = setAttribute
  const createElement = (name: string, options?: ElementCreationOptions) =>
    name === 'style' ? sheetElement() : Document.prototype.createElement.call(document, name, options)
  // xterm's own way, `documentOverride`, doesn't reach its scroll bar in version 6.
  Object.defineProperty(document, 'createElement', { value: createElement, configurable: true })
  try {
    open()
  } finally {
    Reflect.deleteProperty(document, 'createElement')
  }
}

function setAttribute(this: HTMLSpanElement, name: string, value: string): void {
  if (name === 'style') this.style.cssText = value
  else Element.prototype.setAttribute.call(this, name, value)
}

/** Stands in the page where the style element would; its text is a constructed sheet as long as it is in the page. */
function sheetElement(): HTMLElement {
  const sheet = new CSSStyleSheet()
  const element = Document.prototype.createElement.call(document, 'template')
  document.adoptedStyleSheets = [...document.adoptedStyleSheets, sheet]
  Object.defineProperty(element, 'textContent', { set: (text: string) => sheet.replaceSync(text) })
  element.remove = () => {
    document.adoptedStyleSheets = document.adoptedStyleSheets.filter(other => other !== sheet)
    Element.prototype.remove.call(element)
  }
  return element
}

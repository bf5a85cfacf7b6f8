import { escapeHtml } from '../page-route.ts'

interface Operation {
  readonly tags?: readonly string[]
  readonly summary?: string
  readonly description?: string
}
interface Document {
  readonly info: { readonly title: string; readonly version: string; readonly description?: string }
  readonly paths?: Readonly<Record<string, Readonly<Record<string, Operation>>>>
  readonly components?: { readonly schemas?: Readonly<Record<string, unknown>> }
}

/** The description as a page that needs neither scripts nor anything from elsewhere: it is read where no network is, and nobody types a token into it. */
export function docsPage(document: Document): string {
  const operations = Object.entries(document.paths ?? {}).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({ path, method: method.toUpperCase(), operation })),
  )
  const byTag = Map.groupBy(operations, ({ operation }) => operation.tags?.[0] ?? 'Other')
  const { title, version, description = '' } = document.info
  return `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<meta name="color-scheme" content="light dark">
<title>${escapeHtml(title)}: API</title>
<link rel="stylesheet" href="/v1/docs.css">
<header><h1>${escapeHtml(title)} <small>${escapeHtml(version)}</small></h1>
<p>${escapeHtml(description)} <a href="/v1/openapi.json">OpenAPI 3.1</a></p></header>
<nav aria-label="Parts">${[...byTag.keys()].map(tag => `<a href="#${anchor(tag)}">${escapeHtml(tag)}</a>`).join(' ')}</nav>
<main>
${[...byTag].map(([tag, list]) => section(tag, list.map(operationHtml))).join('\n')}
${section('Schemas', Object.entries(document.components?.schemas ?? {}).map(schemaHtml))}
</main>
</html>
`
}

const anchor = (text: string) => text.toLowerCase().replaceAll(/\W+/g, '-')

const section = (title: string, parts: readonly string[]) =>
  `<section id="${anchor(title)}"><h2>${escapeHtml(title)}</h2>\n${parts.join('\n')}</section>`

function operationHtml({ path, method, operation }: { path: string; method: string; operation: Operation }): string {
  const { summary = '', description = '', tags: _, ...rest } = operation
  return `<details><summary><code class="${method.toLowerCase()}">${method}</code> <code>${escapeHtml(path)}</code> <span>${escapeHtml(summary)}</span></summary>
<p>${escapeHtml(description)}</p>${json(rest)}</details>`
}

const schemaHtml = ([name, schema]: [string, unknown]) =>
  `<details><summary><code>${escapeHtml(name)}</code></summary>${json(schema)}</details>`

const json = (value: unknown) => `<pre tabindex="0">${escapeHtml(JSON.stringify(value, null, 2))}</pre>`

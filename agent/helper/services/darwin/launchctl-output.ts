import type { ServiceRow } from '#protocol/tools/messages.ts'

/** `launchctl list`: process, how it ended last, label; by tabulators, under a head. */
export function parseLaunchctlList(text: string): Omit<ServiceRow, 'enabled'>[] {
  return text.split('\n').flatMap(line => {
    const [pid = '', status = '', label = ''] = line.split('\t')
    if (!/^(-|\d+)$/.test(pid) || !/^-?\d+$/.test(status) || label === '') return []
    const isRunning = pid !== '-'
    const hasFailed = !isRunning && Number(status) !== 0
    return [
      {
        unit: label.slice(0, 200),
        description: '',
        active: isRunning ? 'active' : hasFailed ? 'failed' : 'inactive',
        sub: isRunning ? 'running' : hasFailed ? `ended ${status}`.slice(0, 20) : 'stopped',
      },
    ]
  })
}

/** `launchctl print-disabled system`: `"label" => disabled`, or `true` on older systems. What isn't named is enabled. */
export function parseDisabled(text: string): Set<string> {
  const disabled = [...text.matchAll(/^\s*"([^"]+)" => (?:disabled|true)\s*$/gm)]
  return new Set(disabled.map(([, label]) => label ?? ''))
}

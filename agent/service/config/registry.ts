import { ConfigError } from './keys.ts'

const VALUE = /^ {4}(.+?) {4}(REG_[A-Z_]+) {4}(.*)$/

/**
 * The values that `reg.exe query KEY` prints: `    Name    REG_SZ    text`. Names are as Group Policy writes them, `RelayUrl`; they become `relayUrl`.
 * Values of subkeys are not printed, and the lines of keys are skipped. Throws `ConfigError` for a type that no setting has.
 */
export function parseRegistry(output: string, where: string): Record<string, unknown> {
  const values: Record<string, unknown> = {}
  for (const text of output.split(/\r?\n/)) {
    const [, name = '', type = '', data = ''] = VALUE.exec(text) ?? []
    // The key's own value has a name that depends on the language, in parentheses.
    if (name === '' || name.startsWith('(')) continue
    values[`${name.charAt(0).toLowerCase()}${name.slice(1)}`] = dataOf(type, data, `${where}\\${name}`)
  }
  return values
}

function dataOf(type: string, data: string, where: string): unknown {
  switch (type) {
    case 'REG_SZ':
    case 'REG_EXPAND_SZ':
      return data
    case 'REG_DWORD':
    case 'REG_QWORD':
      return Number(data)
    case 'REG_MULTI_SZ':
      return data.split('\\0').filter(text => text !== '')
    default:
      throw new ConfigError(`${where}: is a ${type}. Use REG_SZ, REG_DWORD or REG_MULTI_SZ.`)
  }
}

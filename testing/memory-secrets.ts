import type { SecretStore } from '../src/main/shell/shell.ts'

/** A secret store of the length of a test. `kept` is what is in it. */
export function memorySecrets(): SecretStore & { readonly kept: Map<string, string> } {
  const kept = new Map<string, string>()
  return {
    kept,
    description: 'memory',
    get: async name => kept.get(name),
    set: async (name, secret) => void kept.set(name, secret),
    delete: async name => void kept.delete(name),
  }
}

import type { SafeStorage } from 'electron'
import { createFileSecrets } from '../chromium/file-secrets.ts'
import type { SecretStore } from '../shell.ts'

/** Secrets encrypted with a key that the operating system keeps; the file holds only what `safeStorage` made of them. */
export function createSafeSecrets(safe: SafeStorage, file: string): SecretStore {
  const store = createFileSecrets(file)
  // On Linux without a keyring Electron "encrypts" with a key that is in its own source; that is worth no more than the file.
  const isKept =
    safe.isEncryptionAvailable() && !(process.platform === 'linux' && safe.getSelectedStorageBackend() === 'basic_text')
  if (!isKept) return store
  return {
    description: 'Your operating system’s own store for secrets.',
    async get(name) {
      const sealed = await store.get(name)
      if (sealed === undefined) return undefined
      try {
        return safe.decryptString(Buffer.from(sealed, 'base64'))
      } catch {
        // Sealed with a key that is gone (another account, a new keyring): as good as absent.
        return undefined
      }
    },
    set: (name, secret) => store.set(name, safe.encryptString(secret).toString('base64')),
    delete: name => store.delete(name),
  }
}

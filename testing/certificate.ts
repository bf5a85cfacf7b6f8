import { execFileSync } from 'node:child_process'
import { join } from 'node:path'

/** A certificate of its own making for this machine, and its key, as files of `folder`. */
export function makeCertificate(folder: string, name = 'localhost'): { certFile: string; keyFile: string } {
  const [certFile, keyFile] = [join(folder, `${name}.crt`), join(folder, `${name}.key`)]
  const subject = ['-subj', `/CN=${name}`, '-addext', `subjectAltName=DNS:${name}`, '-days', '1', '-nodes']
  execFileSync('openssl', ['req', '-x509', '-newkey', 'ed25519', '-keyout', keyFile, '-out', certFile, ...subject], {
    stdio: 'pipe',
  })
  return { certFile, keyFile }
}

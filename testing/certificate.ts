import { execFileSync } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'

/** As `makeCertificate`, and it ran out a day ago. */
export function makeExpiredCertificate(folder: string, name = 'localhost'): { certFile: string; keyFile: string } {
  const made = { certFile: join(folder, 'expired.crt'), keyFile: join(folder, 'expired.key') }
  const [requestFile, namesFile] = [join(folder, 'expired.csr'), join(folder, 'expired.cnf')]
  writeFileSync(namesFile, `subjectAltName=DNS:${name}\n`)
  const openssl = (...args: string[]) => execFileSync('openssl', args, { stdio: 'pipe' })
  openssl('req', '-newkey', 'ed25519', '-keyout', made.keyFile, '-out', requestFile, '-subj', `/CN=${name}`, '-nodes')
  // Only this command takes a day before today.
  const times = ['-days', '-1', '-extfile', namesFile]
  openssl('x509', '-req', '-in', requestFile, '-signkey', made.keyFile, '-out', made.certFile, ...times)
  return made
}

/** A certificate of its own making for this machine, and its key, as files of `folder`. */
export function makeCertificate(folder: string, name = 'localhost'): { certFile: string; keyFile: string } {
  const [certFile, keyFile] = [join(folder, `${name}.crt`), join(folder, `${name}.key`)]
  const subject = ['-subj', `/CN=${name}`, '-addext', `subjectAltName=DNS:${name}`, '-days', '1', '-nodes']
  execFileSync('openssl', ['req', '-x509', '-newkey', 'ed25519', '-keyout', keyFile, '-out', certFile, ...subject], {
    stdio: 'pipe',
  })
  return { certFile, keyFile }
}

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

/** A certificate of its own making for this machine, and its key, as files of `folder`. Browsers take no Ed25519. */
export function makeCertificate(
  folder: string,
  name = 'localhost',
  { isForBrowsers = false } = {},
): { certFile: string; keyFile: string } {
  const [certFile, keyFile] = [join(folder, `${name}.crt`), join(folder, `${name}.key`)]
  const names = `subjectAltName=DNS:${name}${isForBrowsers ? ',IP:127.0.0.1' : ''}`
  const subject = ['-subj', `/CN=${name}`, '-addext', names, '-days', '1', '-nodes']
  const kind = isForBrowsers ? ['ec', '-pkeyopt', 'ec_paramgen_curve:P-256'] : ['ed25519']
  execFileSync('openssl', ['req', '-x509', '-newkey', ...kind, '-keyout', keyFile, '-out', certFile, ...subject], {
    stdio: 'pipe',
  })
  return { certFile, keyFile }
}

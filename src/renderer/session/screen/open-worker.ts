import workerUrl from './screen-worker.ts?worker&url'

/** Starts the worker behind a canvas. Its script is the only one that the page may start at all: the policy has this one name and says yes to this one address. */
export function openScreenWorker(): Worker {
  policy ??= window.trustedTypes?.createPolicy('screen-worker', {
    createScriptURL(url) {
      if (url !== workerUrl) throw new TypeError('Only the screen’s own worker may be started.')
      return url
    },
  })
  return new Worker(policy?.createScriptURL(workerUrl) ?? workerUrl, { type: 'module', name: 'screen' })
}

let policy: TrustedTypePolicy | undefined

import { setFlagsFromString } from 'node:v8'

// The service waits nearly all of the time, on every device. Imported before everything else, this makes V8 keep less compiled code: 9 MiB less of 80.
setFlagsFromString('--optimize-for-size')

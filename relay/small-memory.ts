import { setFlagsFromString } from 'node:v8'

// What a request makes is garbage when it is answered. Left alone, V8 gives a busy relay room for hundreds of MiB of it before it looks: imported
// before everything else, this keeps the young generation at the size that it starts with.
setFlagsFromString('--semi-space-growth-factor=1')

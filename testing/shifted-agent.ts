import './close-inherited.ts'

import { readFileSync } from 'node:fs'
import { runAgent } from '../agent/service/run.ts'
import { systemBootClock } from '../agent/service/unattended/boot-clock.ts'

// The agent service as it is, but for the clock that its doors are shut by: that one runs ahead by as many milliseconds as stand in the file that is named on
// the command line. For tests alone; it is in no build of the product.
const [, , aheadFile = ''] = process.argv
const { bootId, sinceBootMs } = systemBootClock()
runAgent({ bootClock: { bootId, sinceBootMs: () => sinceBootMs() + Number(readFileSync(aheadFile, 'utf8')) } })

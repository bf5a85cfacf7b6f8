import './close-inherited.ts'

import { runAgent } from '../agent/service/run.ts'
import { SHORT_TIMES } from './short-times.ts'

// The agent service as it is, but for how long its doors stay open and, where one is named on the command line, the program that locks desktops: for runs in
// real time, and for nothing else. It is in no build of the product.
const [, , loginctl] = process.argv
runAgent({ doorTimes: SHORT_TIMES, ...(loginctl !== undefined && { loginctl }) })

import './close-inherited.ts'

import { runAgent } from '../agent/service/run.ts'
import { SHORT_TIMES, UNHURRIED_TIMES } from './short-times.ts'

// The agent service as it is, but for how long its doors stay open and, where one is named on the command line, the program that locks desktops: for runs in
// real time, and for nothing else. It is in no build of the product.
const [, , pace, loginctl] = process.argv
const doorTimes = pace === 'unhurried' ? UNHURRIED_TIMES : SHORT_TIMES
runAgent({ doorTimes, ...(loginctl !== undefined && { loginctl }) })

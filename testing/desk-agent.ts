import { readDesk } from '../agent/platform/linux/desk.ts'
import { runAgent } from '../agent/service/run.ts'

// An agent for whom systemd-logind writes down in a folder of the test who is at the desktop.
runAgent({ readDesk: () => readDesk(1_000, process.env.HANDHOLD_TEST_ROOT) })

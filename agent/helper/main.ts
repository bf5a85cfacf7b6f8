import { SCRIPT_ARGUMENT } from '../links/script-link.ts'
import { runHelper } from './run.ts'
import { runScript } from './script/run-script.ts'

if (process.argv[2] === SCRIPT_ARGUMENT) runScript()
else runHelper()

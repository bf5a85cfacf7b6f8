import { runHelper } from './run.ts'

runHelper()

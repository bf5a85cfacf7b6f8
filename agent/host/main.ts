import '../links/plain-schemas.ts'

import { selectPlatform } from '../platform/index.ts'
import { runHost } from './run.ts'

runHost(selectPlatform)

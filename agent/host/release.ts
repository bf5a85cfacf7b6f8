import { serviceToReleaseSchema } from '../links/host-link.ts'
import { openParentChannel } from '../links/parent.ts'
import { selectPlatform } from '../platform/index.ts'
import { liftHeldInput } from './lift.ts'

// A program of its own and not a mode of the host: what just crashed a host, its native addon, must not be loaded here.
openParentChannel(serviceToReleaseSchema, ({ target, held }) => {
  liftHeldInput(selectPlatform(target.platform), target, held).then(
    () => process.exit(0),
    thrown => {
      console.error(`Held input could not be lifted: ${String(thrown)}`)
      process.exit(1)
    },
  )
})
process.on('disconnect', () => process.exit(1))

import type { Services } from '../services.ts'
import { healthz } from './healthz.ts'
import type { Route } from './route.ts'
import { audit } from './v1/audit.ts'
import { bootstrap } from './v1/bootstrap.ts'
import { deleteDevice } from './v1/devices/device-id.ts'
import { devices } from './v1/devices.ts'
import { enrol } from './v1/enrol.ts'
import { enrolmentTokens } from './v1/enrolment-tokens.ts'
import { me } from './v1/me.ts'
import { operators } from './v1/operators.ts'
import { sessionPass } from './v1/sessions/session-id/pass.ts'
import { sessions } from './v1/sessions.ts'
import { signIn } from './v1/sign-in.ts'
import { signOut } from './v1/sign-out.ts'

/** Every route of the relay; one that isn't here isn't served. */
export const routesOf = (services: Services): Route[] => [
  healthz(services),
  bootstrap(services),
  signIn(services),
  signOut(services),
  me(services),
  operators(services),
  devices(services),
  deleteDevice(services),
  enrolmentTokens(services),
  enrol(services),
  sessions(services),
  sessionPass(services),
  audit(services),
]

import type { Check } from '../doctor.ts'
import { clockCheck, workCheck } from './installation.ts'
import { accountCheck, addressCheck, botCheck, callbackCheck, memberCheck, roomCheck, tenantCheck } from './tenants.ts'
import { netCheck, standingCheck } from './watch.ts'

/** Those that need nothing but what every installation has. */
export const standardChecks: readonly Check[] = [
  clockCheck,
  workCheck,
  addressCheck,
  tenantCheck,
  accountCheck,
  callbackCheck,
  botCheck,
  roomCheck,
  memberCheck,
  netCheck,
  standingCheck,
]

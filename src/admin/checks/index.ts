import type { Check } from '../doctor.ts'
import { callbackAddressCheck } from './callback-address.ts'
import { channelCheck } from './channels.ts'
import { clockCheck, workCheck } from './installation.ts'
import { merchantCheck } from './merchants.ts'
import { refundCheck } from './refunds.ts'
import { accountCheck, addressCheck, botCheck, callbackCheck, memberCheck, roomCheck, tenantCheck } from './tenants.ts'
import { netCheck, standingCheck } from './watch.ts'

/** Those that need nothing but what every installation has. */
export const standardChecks: readonly Check[] = [
  clockCheck,
  workCheck,
  addressCheck,
  tenantCheck,
  accountCheck,
  merchantCheck,
  callbackCheck,
  callbackAddressCheck,
  botCheck,
  roomCheck,
  memberCheck,
  channelCheck,
  refundCheck,
  netCheck,
  standingCheck,
]

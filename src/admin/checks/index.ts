import type { Check } from '../doctor.ts'
import { callbackAddressCheck } from './callback-address.ts'
import { channelCheck } from './channels.ts'
import { botCheck, roomCheck } from './chats.ts'
import { clockCheck, workCheck } from './installation.ts'
import { keyCheck } from './keys.ts'
import { merchantCheck } from './merchants.ts'
import { openedCheck } from './opened.ts'
import { refundCheck } from './refunds.ts'
import { ruleCheck } from './rules.ts'
import { accountCheck, addressCheck, callbackCheck, memberCheck, parkedCheck, tenantCheck } from './tenants.ts'
import { netCheck, standingCheck } from './watch.ts'

/** Those that need nothing but what every installation has. */
export const standardChecks: readonly Check[] = [
  clockCheck,
  workCheck,
  addressCheck,
  tenantCheck,
  keyCheck,
  accountCheck,
  merchantCheck,
  callbackCheck,
  parkedCheck,
  callbackAddressCheck,
  openedCheck,
  botCheck,
  roomCheck,
  memberCheck,
  channelCheck,
  refundCheck,
  ruleCheck,
  netCheck,
  standingCheck,
]

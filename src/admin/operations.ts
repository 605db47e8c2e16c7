import { accountOperations } from './accounts.ts'
import { actionOperations } from './actions.ts'
import { auditOperations } from './audit.ts'
import { botOperations } from './bots.ts'
import { channelOperations } from './channels.ts'
import { complaintOperations } from './complaints.ts'
import { deadLetterOperations } from './dead-letters.ts'
import { doctorOperations } from './doctor-operations.ts'
import { dutyOperations } from './duty.ts'
import { keyOperations } from './keys.ts'
import { linkOperations } from './links.ts'
import { memberOperations } from './members.ts'
import { merchantOperations } from './merchants.ts'
import type { Operation } from './operation.ts'
import { pictureOperations } from './pictures.ts'
import { recipientOperations } from './recipients.ts'
import { roomOperations } from './rooms.ts'
import { ruleOperations } from './rules.ts'
import { templateOperations } from './templates.ts'
import { tenantFileOperations } from './tenant-file-operations.ts'
import { tenantOperations } from './tenants.ts'
import { upkeepOperations } from './upkeep.ts'
import { watchOperations } from './watch.ts'

/** Everything that the API can do. */
export const operations: readonly Operation[] = [
  // Before what stands below /tenants/:tenant: /tenants/import is no business.
  ...tenantFileOperations,
  ...tenantOperations,
  ...accountOperations,
  ...merchantOperations,
  ...botOperations,
  ...memberOperations,
  ...dutyOperations,
  ...roomOperations,
  ...channelOperations,
  ...recipientOperations,
  ...deadLetterOperations,
  ...templateOperations,
  ...ruleOperations,
  ...pictureOperations,
  ...complaintOperations,
  ...actionOperations,
  ...linkOperations,
  ...watchOperations,
  ...keyOperations,
  ...auditOperations,
  ...upkeepOperations,
  ...doctorOperations,
]

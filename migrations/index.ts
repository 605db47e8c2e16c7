import type { Migration } from 'kysely'
import * as skeleton from './0001-skeleton.ts'
import * as safetyNet from './0002-safety-net.ts'
import * as refunds from './0003-refunds.ts'
import * as caseMemory from './0004-case-memory.ts'
import * as templates from './0005-templates.ts'
import * as search from './0006-search.ts'
import * as roleCaps from './0007-role-caps.ts'
import * as merchants from './0008-merchants.ts'
import * as merchantsAtWork from './0009-merchants-at-work.ts'
import * as channels from './0010-channels.ts'
import * as rules from './0011-rules.ts'
import * as deadlines from './0012-deadlines.ts'
import * as admin from './0013-admin.ts'
import * as caseLinks from './0014-case-links.ts'
import * as operation from './0015-operation.ts'
import * as channelReports from './0016-channel-reports.ts'
import * as shortWays from './0017-short-ways.ts'
import * as sentPictures from './0018-sent-pictures.ts'

/** In order of name; forward only; never changed once released. */
export const migrations: Record<string, Migration> = {
  '0001-skeleton': skeleton,
  '0002-safety-net': safetyNet,
  '0003-refunds': refunds,
  '0004-case-memory': caseMemory,
  '0005-templates': templates,
  '0006-search': search,
  '0007-role-caps': roleCaps,
  '0008-merchants': merchants,
  '0009-merchants-at-work': merchantsAtWork,
  '0010-channels': channels,
  '0011-rules': rules,
  '0012-deadlines': deadlines,
  '0013-admin': admin,
  '0014-case-links': caseLinks,
  '0015-operation': operation,
  '0016-channel-reports': channelReports,
  '0017-short-ways': shortWays,
  '0018-sent-pictures': sentPictures,
}

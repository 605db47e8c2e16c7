import { z } from 'zod'
import { examine, examineTenant } from './doctor.ts'
import { none, operation, tenantOperation } from './operation.ts'

const both = z.object({ zh: z.string(), en: z.string() })
const report = z.object({
  healthy: z.boolean(),
  version: z.string(),
  findings: z.array(
    z.object({
      check: z.string(),
      tenant: z.string().exactOptional(),
      level: z.enum(['ok', 'warn', 'bad']),
      what: both,
      fix: both.exactOptional(),
    }),
  ),
})

export const doctorOperations = [
  operation({
    method: 'get',
    path: '/doctor',
    summary: 'Examines the installation; each finding says how to mend it',
    query: none,
    body: none,
    status: 200,
    answer: report,
    async run({ parts }) {
      const { healthy, findings } = await examine(parts.checks, parts)
      return { healthy, version: parts.version, findings: [...findings] }
    },
  }),
  tenantOperation({
    id: 'examineTenant',
    method: 'get',
    path: '/doctor',
    summary: 'Examines one business: its accounts, bots, rooms, people, channels and rules; nothing of the machine',
    query: none,
    body: none,
    status: 200,
    answer: report,
    async run({ parts, tenant }) {
      const { healthy, findings } = await examineTenant(parts.checks, parts, { tenant })
      return { healthy, version: parts.version, findings: [...findings] }
    },
  }),
]

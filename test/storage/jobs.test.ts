import { sql } from 'kysely'
import { expect, test } from 'vitest'
import { instant } from '../../src/core/words.ts'
import { anyLeaseEnded, claimJobs, dueQueues, freeJobs } from '../../src/storage/jobs.ts'
import { noon, sqlite } from '../support/databases.ts'
import { plansOf } from '../support/plans.ts'

const at = instant(noon)
const lease = instant(noon + 60_000)

/** Many jobs for later: the few that are due must be found without walking over them. */
async function open() {
  const { database } = await sqlite.open()
  const many = sql`
    with recursive n(x) as (select 1 union all select x + 1 from n where x < 30000)
    insert into job (queue, key, run_at, wanted, attempts)
    select case x % 2 when 0 then 'drain' else 'reread' end, 'k' || x, '2027-01-01T00:00:00.000Z', 1, 0 from n`
  await database.transaction((tx) => many.execute(tx.db))
  return database
}

test('due jobs are found by an index, however many wait for later', async () => {
  const database = await open()
  const plans = await database.transaction((tx) =>
    plansOf(tx, async (listening) => {
      await dueQueues(listening, ['drain', 'reread'], at)
      await claimJobs(listening, { queue: 'drain', limit: 4, now: at, lease })
    }),
  )
  expect(plans).toHaveLength(2)
  for (const plan of plans) expect(plan).toContain('USING INDEX job_due (queue=? AND run_at<?)')
})

test('ended leases are found by an index', async () => {
  const database = await open()
  const plans = await database.transaction((tx) =>
    plansOf(tx, async (listening) => {
      await anyLeaseEnded(listening, at)
      await freeJobs(listening, at, at)
      await freeJobs(listening, at, 'all')
    }),
  )
  expect(plans).toHaveLength(3)
  for (const plan of plans) expect(plan).toContain('USING INDEX job_lease')
})

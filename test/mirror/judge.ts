import { sql } from 'kysely'
import { asId } from '../../src/core/words.ts'
import { findRunning } from '../../src/storage/complaints.ts'
import type { Tx } from '../../src/storage/storage.ts'
import { functions, ghostly, type Of, type Run } from './functions.ts'
import { ghost, haunt, inGhost, undone } from './ghost.ts'
import { differing, dumpOf } from './rows.ts'
import type { Mirror } from './world.ts'

type Names = Readonly<Record<string, string>>

async function namesIn({ storage, a, b }: Mirror): Promise<Names> {
  const theirs = await findRunning(storage.reads, b.tenant, 3)
  const [first, third] = [await findRunning(storage.reads, a.tenant, 1), await findRunning(storage.reads, a.tenant, 3)]
  if (!first || !third || !theirs) throw new Error('no complaint')
  const { ids } = a
  return {
    ...ids,
    ...{ first: first.id, firstOwn: first.id, third: third.id, scope: first.scope, own: ids.account },
    ...{ pass: `${ids.link} ${first.id}`, merchantUnder: `${ids.alipay} ${ids.merchant}` },
    ...{ recipientUnder: `${ids.channel} ${ids.recipient}`, othersPicture: b.ids.picture },
    ...{ othersAccount: b.ids.account, othersChannel: b.ids.channel, otherTenant: b.tenant },
    ...{
      othersAlipay: b.ids.alipay,
      othersMerchant: '2088000000000011',
      othersThird: theirs.id,
      othersRoom: b.ids.room,
    },
  }
}

/** The same in both: there is nothing to be called otherwise. */
const shared = new Set([
  'phone',
  'scope',
  'own',
  'firstOwn',
  'othersPicture',
  'othersAccount',
  'othersChannel',
  'otherTenant',
  'othersAlipay',
  'othersMerchant',
  'othersThird',
  'othersRoom',
])

/** @param foreign the one name that is the ghost's */
function ofA(w: Mirror, names: Names, foreign: string | undefined, taken: Set<string>): Of {
  const text = (name: string): string => {
    const own = names[name]
    if (own === undefined) throw new Error(`nothing is called ${name}`)
    if (!shared.has(name)) taken.add(name)
    return name === foreign ? own.split(' ').map(inGhost).join(' ') : own
  }
  return { tenant: w.a.tenant, text, id: (name) => asId(text(name)) }
}

/** What differs for whoever knows both: what only the ghost has, and what would be counted with one's own. */
async function plant(tx: Tx, { a }: Mirror): Promise<void> {
  const { ids } = a
  for (const [table, id] of [
    ['bot', ids.spareBot],
    ['channel', ids.spareChannel],
    ['template', ids.spareTemplate],
    ['rule', ids.spareRule],
  ] as const)
    await sql`update ${sql.table(table)} set name = ${ghostly} where id = ${inGhost(id)}`.execute(tx.db)
  for (const statement of [
    sql`update member set handle = ${ghostly} where id = ${inGhost(ids.spareMember)}`,
    sql`update rule set position = 50, mode = 'on' where id = ${inGhost(ids.rule)}`,
    sql`update template set position = 50 where id = ${inGhost(ids.template)}`,
    sql`update action set key = ${ghostly} where id = ${inGhost(ids.waitingAction)}`,
    sql`update complaint set running = 999, number = ${ghostly} where tenant = ${ghost} and running = 3`,
    sql`update ruling set state = 'done' where tenant = ${ghost}`,
    sql`insert into digest (tenant, day, at) values (${ghost}, ${ghostly}, '')`,
    sql`insert into complaint_order (complaint, tenant, number)
      select id, ${ghost}, 'crossed' from complaint where tenant = ${a.tenant} and running = 1`,
    sql`update complaint set number = 'ghost-number' where tenant = ${ghost} and running = 2`,
    // More than a search reads through.
    sql`insert into term (tenant, gram, running)
      with recursive nr(n) as (select 10 union all select n + 1 from nr where n < 1200)
      select ${ghost}, gram, n from nr, (select distinct gram from term where tenant = ${a.tenant} and gram in ('杯子', '子碎'))`,
  ])
    await statement.execute(tx.db)
}

const runsOf = (name: string): readonly Run[] =>
  (functions[name] ?? []).map((one) => (typeof one === 'function' ? { run: one } : one))

interface Told {
  readonly what: string
  readonly said: string
  readonly changed: readonly string[]
}

/** What is wrong with the functions that are named, while the ghost of one business is there. */
export type Judge = (names?: readonly string[]) => Promise<readonly string[]>

/** Everything is asked without the ghost, and then the ghost comes. */
export async function judgeIn(w: Mirror): Promise<Judge> {
  const { storage, a } = w
  const names = await namesIn(w)
  const known = new Set([...Object.values(names), ...Object.values(names).map(inGhost)])
  for (const text of (await dumpOf(storage.reads, a.tenant)).values())
    for (const [id] of text.matchAll(/\b[a-z]{3}_0[0-9a-z]{28}\b/g)) known.add(id).add(inGhost(id))
  /** As a text, in which ids that were just made are nobody's. */
  const told = (result: unknown): string =>
    (JSON.stringify(result) ?? 'nothing').replace(/\b[a-z]{3}_0[0-9a-z]{28}g?\b/g, (id) => (known.has(id) ? id : '…'))

  async function asked(name: string, rows?: ReadonlyMap<string, string>): Promise<readonly Told[]> {
    const answers: Told[] = []
    for (const [nr, one] of runsOf(name).entries()) {
      const taken = new Set<string>()
      const ask = (foreign?: string) =>
        undone(storage, async (tx): Promise<Told> => {
          const answer = one.run(tx, ofA(w, names, foreign, taken))
          const said = await answer.then(told, (error: unknown) => `threw ${String(error)}`)
          const changed = rows ? differing(rows, await dumpOf(tx, ghost)) : []
          const expected = 'is' in one && said !== told(one.is) ? ` instead of ${told(one.is)}` : ''
          return {
            what: `${name} ${nr}${foreign ? ` with the ghost’s ${foreign}` : ''}`,
            said: said + expected,
            changed,
          }
        })
      answers.push(await ask())
      for (const foreign of [...taken]) answers.push(await ask(foreign))
    }
    return answers
  }

  const without = new Map<string, readonly Told[]>()
  for (const name of Object.keys(functions)) without.set(name, await asked(name))
  await storage.transaction(async (tx) => {
    await haunt(tx, a.tenant)
    await plant(tx, w)
  })
  const rows = await dumpOf(storage.reads, ghost)

  return async (named = Object.keys(functions)) => {
    const wrong: string[] = []
    for (const name of named)
      for (const [at, { what, said, changed }] of (await asked(name, rows)).entries()) {
        const before = without.get(name)?.[at]?.said ?? ''
        if (said !== before) wrong.push(`${what}: ${said.slice(0, 400)} instead of ${before.slice(0, 400)}`)
        if (said.includes(' instead of ')) wrong.push(`${what}: ${said}`)
        // What is to be forgotten is closed first, in both.
        const may = name.startsWith('forget.') ? ['complaint', 'picture'] : []
        for (const table of changed) if (!may.includes(table)) wrong.push(`${what} changed the ghost’s ${table}`)
      }
    return wrong
  }
}

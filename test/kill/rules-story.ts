import { sql } from 'kysely'
import { expect } from 'vitest'
import { type ButtonToken, fen } from '../../src/core/words.ts'
import { setBreakerMost } from '../../src/storage/breakers.ts'
import type { Database } from '../../src/storage/open.ts'
import { createRule } from '../../src/storage/rules.ts'
import type { Tenant } from '../../src/storage/tenants.ts'
import type { KillWorld } from '../support/kill-world.ts'
import { people } from '../support/world.ts'
import { keeper, tokenOf, until } from './person.ts'
import { answered, complainOfOrder, linesOf, type RefundStory, refundVerdict } from './refund-story.ts'

/** Seconds in which a person may stop it: enough for a death and a new life before a press. */
const delay = 200
const paid = 1_250
const plenty = fen(10_000_000)
const button = '取消自动退款'
const waits = /自动退款 ¥12\.50（规则：小额）/
const byRule = /已退款 ¥12\.50.*规则「小额」/
const halted = /取消了自动退款 ¥12\.50/
const notDone = /自动退款 ¥12\.50没有执行（规则：小额）：已有人处理/
const [done, late] = [/已取消，不会自动执行|已由 小李 取消/, /已经执行，来不及取消/]

/** A rule gives small amounts back; what many stories in one hour do is no storm. */
export const withRule = (storage: Database, tenant: Tenant): Promise<void> =>
  storage.transaction(async (tx) => {
    for (const { id, settings } of await tx.db.selectFrom('account').select(['id', 'settings']).execute())
      await tx.db
        .updateTable('account')
        .set({ settings: JSON.stringify({ ...JSON.parse(settings), autoRefund: true }) })
        .where('id', '=', id)
        .execute()
    await createRule(tx, {
      ...{ tenant: tenant.id, name: '小额', mode: 'on', accounts: [], when: {}, delay },
      act: { kind: 'refund', orders: 'only', reason: '' },
      caps: { each: fen(paid), day: plenty, payerDay: plenty },
    })
    await setBreakerMost(tx, tenant.id, 1_000)
    for (const statement of together) await sql.raw(statement).execute(tx.db)
  })

/**
 * SQLite itself refuses to commit what waits without its job. A death in between would not show it: whoever is asked again about
 * the complaint rings for what waits there, and so heals what should never have come apart.
 */
const together = [
  `create table ruling_with_job (
    queue text not null, key text not null,
    foreign key (queue, key) references job (queue, key) on delete cascade deferrable initially deferred)`,
  `create trigger ruling_with_job after insert on ruling when new.state = 'waiting'
    begin insert into ruling_with_job values ('ruling', new.id); end`,
]

/** A complaint that a rule has decided about, and what would stop it. */
export interface RuledStory extends RefundStory {
  readonly stop: ButtonToken
}

/** @returns once its card says what will be done, and when */
export async function isRuled(w: KillWorld, quote: string): Promise<RuledStory> {
  const story = await complainOfOrder(w, quote, paid)
  const { sees } = keeper(w.chat)
  const card = await sees(
    quote,
    (now) => waits.test(now.note ?? '') && !!tokenOf(now, button),
    'said what a rule will do',
  )
  return { ...story, stop: tokenOf(card, button) ?? ('' as ButtonToken) }
}

/** A person stops it. @returns whether that was said to be done; too late otherwise */
export async function isHalted(w: KillWorld, { stop }: RuledStory): Promise<boolean> {
  const word = await keeper(w.chat).insists(stop)
  expect(done.test(word) || late.test(word), word).toBe(true)
  return done.test(word)
}

/** A person takes it on: rules keep out. @returns once it was said that nothing went out */
export async function isTaken(w: KillWorld, { quote }: RuledStory): Promise<void> {
  const li = keeper(w.chat)
  const mine = (lines: readonly { readonly text: string }[]) => lines.some(({ text }) => text === people.li.name)
  const card = await li.sees(quote, (now) => !!tokenOf(now, '认领'), 'offered 认领')
  await li.insists(tokenOf(card, '认领') ?? ('' as ButtonToken))
  await li.sees(quote, ({ lines }) => mine(lines), 'said who takes care of it')
  await until(
    () => linesOf(w, quote).some((line) => notDone.test(line)),
    `that the rule kept out of "${quote}" was said`,
  )
}

/** All that was due since is over by then. */
export const pastDue = (factor: number, at: number): Promise<void> => {
  const end = at + ((delay + 60) * 1_000) / factor
  return until(() => Date.now() > end, 'its time passed')
}

/** The whole amount once, by the rule, and its answer once. */
export async function paidVerdict(w: KillWorld, story: RuledStory, deaths: number): Promise<void> {
  const lines = () => linesOf(w, story.quote)
  // The answer may go before the money arrives.
  await until(() => lines().some((line) => byRule.test(line)), `that a rule paid "${story.quote}" was said`)
  await answered(w, story)
  refundVerdict(w, story, deaths)
  expect(
    lines().filter((line) => /没有执行|取消了/.test(line)),
    'what was stopped',
  ).toEqual([])
}

/** Nobody even asked for money, nobody was answered, and the group reads why. */
export async function stoppedVerdict(
  w: KillWorld,
  story: RuledStory,
  deaths: number,
  by: 'halt' | 'claim',
): Promise<void> {
  const why = by === 'halt' ? halted : notDone
  const said = () => linesOf(w, story.quote).filter((line) => why.test(line)).length
  await until(() => said() > 0, `that "${story.quote}" was stopped was said`)
  expect(said()).toBeLessThanOrEqual(1 + deaths)
  expect(w.pay.asked(story.order), 'calls that refund').toBe(0)
  expect(w.pay.refunds(story.order)).toEqual([])
  expect(w.effects(story.id)).toEqual([])
  expect(w.integrity()).toEqual(['ok'])
}

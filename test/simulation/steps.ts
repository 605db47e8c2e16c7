import fc from 'fast-check'
import { request, type Wanted } from '../../src/actions/request.ts'
import { fen } from '../../src/core/words.ts'
import { complained, orders, type Side } from './side.ts'
import { deaths, type World } from './world.ts'

/** One wish for money: who, about which complaint, how much of its order. */
export interface Wish {
  readonly asker: number
  readonly approver: number
  readonly complaint: number
  /** In hundredths of the order; 0 = what is left of it. */
  readonly part: number
  readonly room: string
}

export type Step =
  | { readonly do: 'wish'; readonly wish: Wish; readonly again: boolean }
  | { readonly do: 'pair'; readonly one: Wish; readonly two: Wish }
  | { readonly do: 'approve'; readonly wish: Wish }
  | { readonly do: 'trouble'; readonly name: string }
  | { readonly do: 'down'; readonly ms: number }
  | { readonly do: 'balance'; readonly fen: number }
  | { readonly do: 'ends'; readonly ends: string }
  | { readonly do: 'die'; readonly at: string; readonly nth: number }
  | { readonly do: 'crash' | 'twin' | 'wake' | 'backup' | 'restore' }
  | { readonly do: 'pass'; readonly ms: number }

export interface Schedule {
  readonly seed: number
  readonly settleMs: number
  readonly steps: readonly Step[]
}

const second = 1_000
const minute = 60_000

export async function take(world: World, step: Step): Promise<void> {
  const { outside, mix, judge } = world
  switch (step.do) {
    case 'wish':
      await wish(world, step.wish)
      if (step.again) await wish(world, step.wish, await lastKey(world))
      break
    case 'pair':
      await Promise.race([
        Promise.all([wish(world, { ...step.one, room: 'front' }), wish(world, { ...step.two, room: 'back' })]),
        world.quiet(),
      ])
      mix.add('two simultaneous wishes from different rooms')
      break
    case 'approve':
      await approve(world, step.wish)
      break
    case 'trouble':
      await outside.trouble(step.name, world.database)
      break
    case 'down':
      world.down(step.ms)
      break
    case 'balance':
      outside.setBalance(step.fen)
      break
    case 'ends':
      await outside.setEnds(step.ends)
      break
    case 'die':
      world.armed(step.at, step.nth)
      break
    case 'crash':
      await world.crash()
      break
    case 'twin':
      await world.twin()
      mix.add('a second process')
      break
    case 'wake':
      await world.wake()
      break
    case 'backup':
      await world.backup()
      break
    case 'restore':
      if (await world.restore()) mix.add('a restored backup')
      break
    case 'pass':
      await world.pass(step.ms)
      break
  }
  await world.quiet()
  await judge.look()
}

/** A killed process answers nobody: whoever asked it goes on. */
const answered = (world: World, asking: Promise<unknown>): Promise<unknown> =>
  Promise.race([asking.catch(world.judge.broken), world.quiet()])

function wish(world: World, wished: Wish, key = `press:${wished.room}:${world.next()}`): Promise<unknown> {
  return answered(world, request(world.life.parts, { ...wantedBy(world, wished), key, action: moneyOf(world, wished) }))
}

function approve(world: World, wished: Wish): Promise<unknown> {
  const next = moneyOf(world, { ...wished, complaint: 3 })
  const action = { kind: 'decide-refund', verdict: 'approve', day: 0, next } as const
  const wanted = wantedBy(world, { ...wished, complaint: 3 })
  return answered(world, request(world.life.parts, { ...wanted, key: `press:approve:${world.next()}`, action }))
}

function wantedBy({ shop }: World, { asker, approver, complaint }: Wish): Omit<Wanted, 'key' | 'action'> {
  const by = shop.askers[asker % shop.askers.length]
  const second = shop.askers[approver % shop.askers.length]
  const id = shop.complaints[complaint % shop.complaints.length]
  if (!by || !id) throw new Error('nobody')
  const approved = second?.member.id === undefined ? {} : { approved: { name: second.name, member: second.member.id } }
  return {
    tenant: shop.tenant.id,
    complaint: id,
    member: by.member,
    by: { name: by.name, via: by.via, ...(by.member.id === undefined ? {} : { member: by.member.id }), ...approved },
    ...(second?.member.id === undefined ? {} : { approver: second.member }),
  }
}

function moneyOf({ outside }: World, { complaint, part }: Wish) {
  const { number: order, total } = complained[complaint % complained.length] ?? orders[0]
  const out = outside.refunds().filter((one) => one.order === order && one.state !== 'over')
  const promised = out.reduce((sum, one) => sum + one.amount, 0)
  const amount = fen(part === 0 ? Math.max(1, total - promised) : Math.round((total * part) / 100))
  return { kind: 'refund', order, amount, total: fen(total), reason: '' } as const
}

async function lastKey({ database }: World): Promise<string | undefined> {
  const { db } = database.reads
  return (await db.selectFrom('action').select('key').orderBy('requested_at', 'desc').executeTakeFirst())?.key
}

const aWish: fc.Arbitrary<Wish> = fc.record({
  // Those who may do most are asked most often, or little would come of it.
  asker: fc.constantFrom(0, 0, 0, 1, 2, 2, 3, 4, 5),
  approver: fc.constantFrom(0, 1, 2, 2, 2, 3, 4),
  complaint: fc.constantFrom(0, 0, 1, 1, 2, 3),
  part: fc.constantFrom(0, 20, 30, 30, 50, 60, 100, 100, 120),
  room: fc.constantFrom('front', 'back'),
})

const anyPass = fc.constantFrom(0, 3 * second, 20 * second, 70 * second, 200 * second).map(passing)
function passing(ms: number): Step {
  return { do: 'pass', ms }
}

const trouble = (names: readonly string[]) => fc.constantFrom(...names).map((name): Step => ({ do: 'trouble', name }))

const dying = fc
  .tuple(
    // Between storing and calling most of all.
    fc.oneof(fc.constantFrom<string>(...deaths), fc.constantFrom('carry-out.marked', 'request.committed')),
    fc.constantFrom(1, 1, 1, 2),
  )
  .map(([at, nth]): Step => ({ do: 'die', at, nth }))
const only = (what: 'crash' | 'twin' | 'wake' | 'backup' | 'restore') => fc.constant<Step>({ do: what })
const crash = only('crash')
const wishing = fc
  .tuple(aWish, fc.constantFrom(false, false, true))
  .map(([wish, again]): Step => ({ do: 'wish', wish, again }))
/** Most likely to be taken: what a trouble waits for. */
const able = fc
  .tuple(aWish, fc.constantFrom(0, 2), fc.constantFrom(20, 30, 50))
  .map(
    ([wish, asker, part]): Step => ({ do: 'wish', wish: { ...wish, asker, approver: 2 - asker, part }, again: false }),
  )
const likely = fc.oneof({ weight: 3, arbitrary: able }, { weight: 1, arbitrary: wishing })
const pair = fc.tuple(aWish, aWish).map(([one, two]): Step => ({ do: 'pair', one, two }))
/** Customers of both mini programs about one order, and whoever answers them may do it. */
const rivals = fc.tuple(aWish, fc.constantFrom(30, 60), fc.constantFrom(30, 60)).map(([wish, one, two]): Step => {
  const of = (asker: number, part: number) => ({ ...wish, asker, approver: 2 - asker, part })
  return { do: 'pair', one: { ...of(0, one), complaint: 0 }, two: { ...of(2, two), complaint: 1 } }
})
const money = fc.oneof(
  fc.constantFrom(0, 0, 500, 1_000_000).map((amount): Step => ({ do: 'balance', fen: amount })),
  fc.constantFrom(5 * second, minute).map((ms): Step => ({ do: 'down', ms })),
)
const approving = aWish.map((wish): Step => ({ do: 'approve', wish }))

const scene = (...parts: readonly fc.Arbitrary<Step>[]): fc.Arbitrary<readonly Step[]> =>
  fc.tuple(...parts).map((steps) => steps)

/** The number of what is forgotten is given once more, for another amount. */
const forgetting = fc
  .tuple(fc.constantFrom(0, 1, 2, 3), fc.constantFrom(20, 30), fc.constantFrom(40, 50))
  .map(([complaint, before, after]): readonly Step[] => {
    const wish = { asker: 0, approver: 2, complaint, room: 'front' }
    return [
      { do: 'backup' },
      { do: 'wish', wish: { ...wish, part: before }, again: false },
      passing(70 * second),
      { do: 'restore' },
      { do: 'wish', wish: { ...wish, part: after }, again: false },
      passing(70 * second),
    ]
  })

type Scene = fc.WeightedArbitrary<readonly Step[]>

/** What is there for every platform, with the troubles that it has. */
function scenesOf({ troubles, ends, approves }: Side): readonly Scene[] {
  const [lost, late, other] = [trouble(troubles.lost), trouble(troubles.late), trouble(troubles.other)]
  const ending = fc.constantFrom(...ends).map((how): Step => ({ do: 'ends', ends: how }))
  const soon = fc.constant(passing(20 * second))
  return [
    { weight: 5, arbitrary: scene(lost, likely, anyPass) },
    { weight: 3, arbitrary: scene(late, likely, anyPass, crash, anyPass) },
    { weight: 3, arbitrary: scene(late, likely, anyPass) },
    { weight: 7, arbitrary: scene(dying, likely, anyPass) },
    { weight: 2, arbitrary: scene(lost, dying, pair, anyPass) },
    { weight: 3, arbitrary: scene(pair, anyPass) },
    { weight: 3, arbitrary: scene(rivals, anyPass) },
    { weight: 3, arbitrary: scene(wishing, anyPass) },
    ...(approves ? [{ weight: 2, arbitrary: scene(approving, anyPass, wishing, anyPass) }] : []),
    { weight: 3, arbitrary: scene(money, likely, anyPass) },
    { weight: 2, arbitrary: scene(other, wishing, anyPass) },
    {
      weight: 3,
      arbitrary: scene(lost, likely, only('twin'), fc.constant(passing(90 * second)), only('wake'), anyPass),
    },
    { weight: 3, arbitrary: scene(ending, likely, soon, anyPass) },
    { weight: 1, arbitrary: scene(only('backup'), wishing, anyPass, only('restore'), wishing, anyPass) },
    { weight: 1, arbitrary: forgetting },
    ...wordScenes(troubles, fc.oneof(lost, late)),
  ]
}

/** In the middle of a refund, and before one. */
function wordScenes({ word }: Side['troubles'], unsure: fc.Arbitrary<Step>): readonly Scene[] {
  if (!word) return []
  const [taken, given] = [trouble(word.taken), trouble(word.given)]
  return [
    { weight: 2, arbitrary: scene(unsure, likely, anyPass, taken, anyPass, likely, given, anyPass) },
    { weight: 2, arbitrary: scene(taken, likely, anyPass, given, likely, anyPass) },
  ]
}

export const schedulesOf = (side: Side): fc.Arbitrary<Schedule> =>
  fc.record({
    seed: fc.nat(),
    settleMs: fc.constantFrom(3 * second, 3 * second, 90 * second, 20 * minute),
    steps: fc.array(fc.oneof(...scenesOf(side)), { minLength: 2, maxLength: 5 }).map((some) => some.flat()),
  })

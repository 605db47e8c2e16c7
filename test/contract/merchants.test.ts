import { expect, test } from 'vitest'
import { Secret } from '../../src/core/seal.ts'
import { type AccountId, asId, instant, later, type MerchantId, type TenantId } from '../../src/core/words.ts'
import {
  authorise,
  createAuthState,
  forgetAuthorisations,
  isAuthState,
  keepWaiting,
  listWaiting,
  spareOf,
  takeWaiting,
  takeWaitingOf,
  useAuthState,
} from '../../src/storage/authorizations.ts'
import {
  type Authorisation,
  changeMerchant,
  createMerchant,
  findMerchant,
  keepMerchant,
  listMerchants,
  merchantCalled,
  openToken,
  revokeMerchant,
  tokenAsked,
  tokenHolds,
  tokensToCheck,
} from '../../src/storage/merchants.ts'
import type { Database } from '../../src/storage/open.ts'
import type { Reads, Tx } from '../../src/storage/storage.ts'
import { noon, onEachDatabase } from '../support/databases.ts'

const [a, b] = [asId<'tenant'>('ten_a'), asId<'tenant'>('ten_b')]
const [app, other] = [asId<'account'>('acc_app'), asId<'account'>('acc_other')]
const under = { tenant: a, account: app }
const by = { name: '李', via: 'api' } as const
const pid = '2088102177846880'

const given = (token: string, more: Partial<Authorisation> = {}): Authorisation => ({
  outsideId: pid,
  authAppId: '2021001',
  token: new Secret(token),
  refreshToken: new Secret(`${token} refresh`),
  tokenUntil: instant(noon + 1_000),
  refreshUntil: instant(noon + 2_000),
  ...more,
})

const keep = (database: Database, authorisation: Authorisation, of = under) =>
  database.transaction((tx) => keepMerchant(tx, of, authorisation))
const named = (database: Database, outsideId: string, of: { tenant: TenantId; account: AccountId } = under) =>
  database.transaction(async (tx) => {
    const made = await createMerchant(tx, { ...of, outsideId, name: outsideId })
    if (!made) throw new Error('taken')
    return made
  })
const tokens = async (reads: Reads, id: MerchantId) => {
  const opened = await openToken(reads, id)
  return opened && [opened.token.reveal(), opened.refreshToken?.reveal(), opened.fence]
}
const everything = async ({ reads: { db } }: Database) =>
  JSON.stringify([
    await db.selectFrom('merchant').selectAll().execute(),
    await db.selectFrom('auth_state').selectAll().execute(),
    await db.selectFrom('auth_waiting').selectAll().execute(),
  ])

/** The second begins while the first has done its work and not committed. On SQLite it waits for its turn. */
async function overlapping<One, Two>(
  [database, one]: readonly [Database, (tx: Tx) => Promise<One>],
  [beside, two]: readonly [Database, (tx: Tx) => Promise<Two>],
): Promise<readonly [One, Two]> {
  // Its connection is there already, so that nothing but the rows keeps it.
  await beside.transaction((tx) => listWaiting(tx, app))
  const [worked, committing] = [signal(), signal()]
  const first = database.transaction(async (tx) => {
    const result = await one(tx)
    worked.go()
    await committing.gone
    return result
  })
  await worked.gone
  const second = beside.transaction(two)
  setTimeout(committing.go, 50)
  return Promise.all([first, second])
}

function signal() {
  let go = () => {}
  const gone = new Promise<void>((resolve) => {
    go = resolve
  })
  return { go, gone }
}

onEachDatabase('merchants', ({ open }) => {
  test('one that a person names comes back as it was kept; an outside id is taken once, and only in its account', async () => {
    const { database } = await open()
    const full = {
      ...under,
      outsideId: '1900000109',
      name: '一店',
      company: '一店有限公司',
      enabled: false,
      autoRefund: true,
    }
    const made = await database.transaction((tx) => createMerchant(tx, full))
    expect(made).toEqual({ ...full, id: made?.id, authorised: false, lacks: [], fence: 0, createdAt: instant(noon) })
    expect(await listMerchants(database.reads, under)).toEqual([made])
    expect(await database.transaction((tx) => createMerchant(tx, { ...full, name: '别的' }))).toBeUndefined()
    const bare = await named(database, '1900000109', { tenant: a, account: other })
    expect(bare).toMatchObject({ company: '', enabled: true, autoRefund: false })
    expect(await listMerchants(database.reads, under)).toEqual([made])
    expect(await openToken(database.reads, bare.id)).toBeUndefined()
  })

  test('what a change does not name stays, and nobody else’s is changed, found or listed', async () => {
    const { database } = await open()
    const [first, second] = [await named(database, '1900000109'), await named(database, '1900000110')]
    const change = (of: { tenant: TenantId; account: AccountId }, what: Parameters<typeof changeMerchant>[3]) =>
      database.transaction((tx) => changeMerchant(tx, of, first.id, what))
    const changed = { ...first, name: '甲', company: '甲公司', enabled: false, autoRefund: true }
    expect(await change(under, { name: '甲', company: '甲公司', enabled: false, autoRefund: true })).toEqual(changed)
    expect(await change(under, { company: '' })).toEqual({ ...changed, company: '' })
    expect(await change(under, {})).toEqual({ ...changed, company: '' })
    expect(await change({ tenant: b, account: app }, { name: '乙' })).toBeUndefined()
    expect(await change({ tenant: a, account: other }, { name: '乙' })).toBeUndefined()
    expect(await listMerchants(database.reads, under)).toEqual([{ ...changed, company: '' }, second])
    expect(await listMerchants(database.reads, { tenant: b, account: app })).toEqual([])
    expect(await merchantCalled(database.reads, app, { outsideId: '1900000110' })).toEqual(second)
    expect(await merchantCalled(database.reads, other, { outsideId: '1900000110' })).toBeUndefined()
    expect(await findMerchant(database.reads, second.id)).toEqual(second)
  })

  test('who authorises is kept with its tokens, sealed to its own row and column', async () => {
    const { database } = await open()
    const made = await keep(database, given('token one'))
    expect(made).toEqual({
      ...under,
      id: made.id,
      lacks: [],
      outsideId: pid,
      authAppId: '2021001',
      name: pid,
      company: '',
      enabled: true,
      autoRefund: false,
      authorised: true,
      tokenUntil: instant(noon + 1_000),
      refreshUntil: instant(noon + 2_000),
      fence: 1,
      createdAt: instant(noon),
      checkedAt: instant(noon),
    })
    expect(await tokens(database.reads, made.id)).toEqual(['token one', 'token one refresh', 1])
    expect(await merchantCalled(database.reads, app, { authAppId: '2021001' })).toEqual(made)
    expect(await everything(database)).not.toContain('token one')

    const second = await keep(database, given('token two', { outsideId: '2088000000000002', authAppId: '2021002' }))
    const move = (from: 'token' | 'refresh_token', of: MerchantId) =>
      database.transaction(async (tx) => {
        const rows = tx.db.selectFrom('merchant').selectAll().where('id', '=', of)
        const { [from]: token } = await rows.executeTakeFirstOrThrow()
        await tx.db.updateTable('merchant').set({ token }).where('id', '=', second.id).execute()
      })
    await move('token', made.id)
    await expect(openToken(database.reads, second.id)).rejects.toThrow(/authenticate/)
    await move('refresh_token', second.id)
    await expect(openToken(database.reads, second.id)).rejects.toThrow(/authenticate/)
  })

  test('a new authorisation takes the old token’s place; what people said of the merchant stays', async () => {
    const { database, clock } = await open()
    const first = await keep(database, given('old'))
    const said = { name: '一店', company: '一店有限公司', enabled: false, autoRefund: true }
    await database.transaction((tx) => changeMerchant(tx, under, first.id, said))
    clock.advance(1_000)
    const { refreshToken, tokenUntil, refreshUntil, authAppId, ...bare } = given('new')
    const { tokenUntil: _, refreshUntil: __, ...before } = first
    const now = { ...before, ...said, fence: 2, checkedAt: instant(noon + 1_000) }
    expect(await keep(database, { ...bare, authAppId: '2021001' })).toEqual(now)
    expect(await tokens(database.reads, first.id)).toEqual(['new', undefined, 2])
    // Where the app is not told again it is the one that was.
    expect(await keep(database, bare)).toEqual({ ...now, fence: 3 })
    expect(await listMerchants(database.reads, under)).toHaveLength(1)
  })

  test('an authorisation never moves a merchant to another tenant', async () => {
    const { database } = await open()
    const first = await keep(database, given('old'))
    expect((await keep(database, given('new'), { tenant: b, account: app })).tenant).toBe(a)
    expect(await tokens(database.reads, first.id)).toEqual(['new', 'new refresh', 2])
    expect(await listMerchants(database.reads, { tenant: b, account: app })).toEqual([])
  })

  test('a merchant that authorises through another app of its own is the same merchant', async () => {
    const { database } = await open()
    const first = await keep(database, given('old'))
    expect(await keep(database, given('new', { authAppId: '2021009' }))).toEqual({
      ...first,
      authAppId: '2021009',
      fence: 2,
    })
    expect(await merchantCalled(database.reads, app, { authAppId: '2021001' })).toBeUndefined()
  })

  test.each([['nobody knows'], ['is known']])(
    'an app that has changed hands speaks for its new owner, whom %s; the former one is authorised no more',
    async (which) => {
      const { database } = await open()
      const former = await keep(database, given('old'))
      const owner = '2088000000000002'
      const known = which === 'is known' ? await named(database, owner) : undefined
      const now = await keep(database, given('new', { outsideId: owner }))
      expect(now).toMatchObject({ outsideId: owner, authAppId: '2021001', authorised: true })
      if (known) expect(now.id).toBe(known.id)
      expect(now.id).not.toBe(former.id)
      const left = await findMerchant(database.reads, former.id)
      expect(left).toMatchObject({ outsideId: pid, authorised: false, fence: 2, revokedAt: instant(noon) })
      expect(left).not.toHaveProperty('authAppId')
      expect(await tokens(database.reads, former.id)).toBeUndefined()
    },
  )

  test('the same app under two accounts is two merchants', async () => {
    const { database } = await open()
    const [one, two] = [
      await keep(database, given('one')),
      await keep(database, given('two'), { tenant: b, account: other }),
    ]
    expect(await tokens(database.reads, one.id)).toEqual(['one', 'one refresh', 1])
    expect(await tokens(database.reads, two.id)).toEqual(['two', 'two refresh', 1])
  })

  test('two that keep a merchant at once keep one: the later token stands, and both are counted', async () => {
    const { database, beside } = await open()
    const keeping = (token: string) => (tx: Tx) => keepMerchant(tx, under, given(token))
    const aside = beside()
    const [one, two] = await overlapping([database, keeping('one')], [aside, keeping('two')])
    expect([two.id, one.fence, two.fence]).toEqual([one.id, 1, 2])
    expect(await tokens(database.reads, one.id)).toEqual(['two', 'two refresh', 2])
    const [three, four] = await overlapping([database, keeping('three')], [aside, keeping('four')])
    expect([three.fence, four.fence]).toEqual([3, 4])
    expect(await tokens(database.reads, one.id)).toEqual(['four', 'four refresh', 4])
  })

  test('a token that is replaced while it is taken back stays', async () => {
    const { database, beside } = await open()
    const old = await keep(database, given('old'))
    const [now, revoked] = await overlapping(
      [database, (tx) => keepMerchant(tx, under, given('new'))],
      [beside(), (tx) => revokeMerchant(tx, old)],
    )
    expect(revoked).toBe(false)
    expect(await findMerchant(database.reads, old.id)).toEqual(now)
  })

  test('what is taken back is forgotten at once; a newer token is not taken back by news of the older', async () => {
    const { database } = await open()
    const old = await keep(database, given('old'))
    const now = await keep(database, given('new'))
    const revoke = (seen: typeof old) => database.transaction((tx) => revokeMerchant(tx, seen))
    expect(await revoke(old)).toBe(false)
    expect(await findMerchant(database.reads, old.id)).toEqual(now)
    expect(await revoke(now)).toBe(true)
    expect(await revoke({ ...now, fence: 3 })).toBe(false)
    const { tokenUntil, refreshUntil, ...rest } = now
    const over = { ...rest, authorised: false, fence: 3, revokedAt: instant(noon) }
    expect(await findMerchant(database.reads, now.id)).toEqual(over)
    expect(await tokens(database.reads, now.id)).toBeUndefined()
    const again = await keep(database, given('again'))
    expect(again).toEqual({ ...now, fence: 4 })
    expect(await tokens(database.reads, now.id)).toEqual(['again', 'again refresh', 4])
  })

  test('tokens are asked about in turn, those of every tenant; what was taken back or never given is not', async () => {
    const { database, clock } = await open()
    const day = 24 * 3_600_000
    const first = await keep(database, given('1'))
    clock.advance(1_000)
    const second = await keep(database, given('2', { outsideId: '2', authAppId: '2' }), { tenant: b, account: other })
    const third = await keep(database, given('3', { outsideId: '3', authAppId: '3' }))
    await database.transaction((tx) => revokeMerchant(tx, third))
    await named(database, '1900000109')
    const due = async (at: number, limit = 10) =>
      (await tokensToCheck(database.reads, instant(at), limit)).map(({ id }) => id)
    expect(await due(noon - 1)).toEqual([])
    expect(await due(noon)).toEqual([first.id])
    expect(await due(noon + day)).toEqual([first.id, second.id])
    expect(await due(noon + day, 1)).toEqual([first.id])

    const holds = (seen: typeof first) => database.transaction((tx) => tokenHolds(tx, seen))
    clock.advance(day)
    expect(await holds(first)).toBe(true)
    expect(await holds({ ...second, fence: 7 })).toBe(false)
    expect(await holds(third)).toBe(false)
    expect(await due(noon + day)).toEqual([second.id])
    expect((await findMerchant(database.reads, first.id))?.checkedAt).toBe(instant(noon + 1_000 + day))
  })
})

const stateFor = (database: Database, account = app) =>
  database.transaction((tx) => createAuthState(tx, { tenant: a, account, by }))
const use = (database: Database, state: string, account = app) =>
  database.transaction((tx) => useAuthState(tx, account, state))
const minute = 60_000

onEachDatabase('authorisations', ({ open }) => {
  test('a state is base64 that comes through any link; it says once whose the merchant will be', async () => {
    const { database } = await open()
    const { state, expiresAt } = await stateFor(database)
    expect(state).toMatch(/^[A-Za-z0-9]{64}$/)
    expect(Buffer.from(state, 'base64').toString('base64')).toBe(state)
    expect(expiresAt).toBe(instant(noon + 15 * minute))
    expect((await stateFor(database)).state).not.toBe(state)
    expect(await everything(database)).not.toContain(state)
    expect(await use(database, `${state}=`)).toBeUndefined()
    expect(await use(database, state, other)).toBeUndefined()
    expect(await use(database, state)).toEqual({ tenant: a, account: app, by })
    expect(await use(database, state)).toBeUndefined()
  })

  test('a state is too old after 15 minutes', async () => {
    const { database, clock } = await open()
    const [one, two] = [await stateFor(database), await stateFor(database)]
    clock.advance(15 * minute - 1)
    expect(await use(database, one.state)).toBeDefined()
    clock.advance(1)
    expect(await use(database, two.state)).toBeUndefined()
  })

  test('of two that use a state at once, one wins', async () => {
    const { database, beside } = await open()
    const { state } = await stateFor(database)
    const using = (tx: Tx) => useAuthState(tx, app, state)
    const used = await overlapping([database, using], [beside(), using])
    expect(used).toEqual([{ tenant: a, account: app, by }, undefined])
  })

  test('a state whose transaction is rolled back can be used again', async () => {
    const { database } = await open()
    const { state } = await stateFor(database)
    const failing = database.transaction(async (tx) => {
      expect(await useAuthState(tx, app, state)).toBeDefined()
      throw new Error('the code was refused')
    })
    await expect(failing).rejects.toThrow('the code was refused')
    expect(await use(database, state)).toBeDefined()
  })

  test('it is told whether the merchant is new, known, or another tenant’s', async () => {
    const { database } = await open()
    const ask = (tenant: TenantId, token: string) =>
      database.transaction((tx) => authorise(tx, { tenant, account: app }, given(token)))
    const { outcome, merchant } = await ask(a, 'one')
    expect(outcome).toBe('new')
    expect(await ask(a, 'two')).toMatchObject({ outcome: 'renewed', merchant: { id: merchant.id, tenant: a } })
    expect(await ask(b, 'three')).toMatchObject({ outcome: 'elsewhere', merchant: { id: merchant.id, tenant: a } })
    expect(await tokens(database.reads, merchant.id)).toEqual(['three', 'three refresh', 3])
  })

  const wait = (database: Database, token: string, more: Partial<Authorisation> = {}) =>
    database.transaction((tx) => keepWaiting(tx, app, given(token, more)))
  const take = (database: Database, code: string, tenant = a, account = app) =>
    database.transaction((tx) => takeWaiting(tx, { tenant, account }, code))
  const merchants = (reads: Reads) => reads.db.selectFrom('merchant').select('id').execute()

  test('one without a state waits, nobody’s, until its code is told; once', async () => {
    const { database } = await open()
    const { code, expiresAt } = await wait(database, 'secret token')
    expect(code).toMatch(/^[A-HJ-NP-Z2-9]{10}$/)
    expect(expiresAt).toBe(instant(noon + 7 * 24 * 60 * minute))
    const stored = await everything(database)
    expect(stored).not.toContain(code)
    expect(stored).not.toContain('secret token')
    const listed = { outsideId: pid, authAppId: '2021001', createdAt: instant(noon), expiresAt }
    expect(await listWaiting(database.reads, app)).toEqual([listed])
    expect(await listWaiting(database.reads, other)).toEqual([])
    expect(await merchants(database.reads)).toEqual([])

    expect(await take(database, 'AAAAAAAAAA')).toBeUndefined()
    expect(await take(database, code, a, other)).toBeUndefined()
    const taken = await take(database, ` ${code.toLowerCase()} `, b)
    expect(taken).toMatchObject({
      outcome: 'new',
      merchant: { tenant: b, account: app, outsideId: pid, authAppId: '2021001' },
    })
    expect(taken?.merchant).toMatchObject({ tokenUntil: instant(noon + 1_000), refreshUntil: instant(noon + 2_000) })
    const id = taken?.merchant.id ?? asId('')
    expect(await tokens(database.reads, id)).toEqual(['secret token', 'secret token refresh', 1])
    expect(await take(database, code, b)).toBeUndefined()
    expect(await listWaiting(database.reads, app)).toEqual([])
  })

  test('of two that take a waiting one at once, one gets it', async () => {
    const { database, beside } = await open()
    const { code } = await wait(database, 'token')
    const taking = (tenant: TenantId) => (tx: Tx) => takeWaiting(tx, { tenant, account: app }, code)
    const [one, two] = await overlapping([database, taking(a)], [beside(), taking(b)])
    expect([one?.outcome, two]).toEqual(['new', undefined])
    expect(await merchants(database.reads)).toEqual([{ id: one?.merchant.id }])
  })

  test('of the same merchant only the last one waits, under its own code', async () => {
    const { database } = await open()
    const first = await wait(database, 'old', { authAppId: '2021000' })
    await wait(database, 'somebody else', { outsideId: '2088000000000002', authAppId: '2021002' })
    const { refreshToken, authAppId, ...bare } = given('new')
    const second = await database.transaction((tx) => keepWaiting(tx, app, bare))
    expect((await listWaiting(database.reads, app)).map((each) => each.outsideId)).toEqual(['2088000000000002', pid])
    expect(await take(database, first.code)).toBeUndefined()
    const taken = await take(database, second.code)
    expect(taken?.merchant).not.toHaveProperty('authAppId')
    expect(await tokens(database.reads, taken?.merchant.id ?? asId(''))).toEqual(['new', undefined, 1])
  })

  test('a waiting one is too old after seven days', async () => {
    const { database, clock } = await open()
    const { code, expiresAt } = await wait(database, 'token')
    clock.advance(Date.parse(expiresAt) - noon)
    expect(await take(database, code)).toBeUndefined()
    expect(await listWaiting(database.reads, app)).toEqual([])
    expect(await merchants(database.reads)).toEqual([])
  })

  test('what waits of a merchant is let go when its newer authorisation says whose it is', async () => {
    const { database } = await open()
    const [{ code }, rest] = [
      await wait(database, 'old'),
      await wait(database, 'x', { outsideId: '2', authAppId: '2' }),
    ]
    const { merchant } = await database.transaction((tx) => authorise(tx, under, given('new')))
    expect(await take(database, code)).toBeUndefined()
    expect(await tokens(database.reads, merchant.id)).toEqual(['new', 'new refresh', 1])
    expect(await take(database, rest.code)).toBeDefined()
  })

  test('a merchant that comes by a link while its code is told is one merchant, with the newer token', async () => {
    const { database, beside } = await open()
    const aside = beside()
    const link = (tx: Tx) => authorise(tx, under, given('new'))
    const { code } = await wait(database, 'old')
    const telling = (tx: Tx) => takeWaiting(tx, under, code)
    const [linked, told] = await overlapping([database, link], [aside, telling])
    expect([linked.outcome, told]).toEqual(['new', undefined])

    const later = await wait(database, 'old')
    const tellingLater = (tx: Tx) => takeWaiting(tx, under, later.code)
    const [taken, renewed] = await overlapping([database, tellingLater], [aside, link])
    expect([taken?.outcome, renewed.outcome]).toEqual(['renewed', 'renewed'])
    expect(await tokens(database.reads, linked.merchant.id)).toEqual(['new', 'new refresh', 3])
    expect(await merchants(database.reads)).toHaveLength(1)
  })

  test('a look at a state uses nothing up, and says what using it would say', async () => {
    const { database, clock } = await open()
    const look = (state: string, account = app) => isAuthState(database.reads, account, state)
    const [{ state }, late] = [await stateFor(database), await stateFor(database)]
    expect([await look(state), await look(state), await look(state, other), await look(`${state}=`)]).toEqual([
      ...[true, true, false, false],
    ])
    await use(database, state)
    expect([await look(state), await look(late.state)]).toEqual([false, true])
    clock.advance(15 * minute)
    expect(await look(late.state)).toBe(false)
  })

  test('one that waits is claimed by its name, unless its merchant is known', async () => {
    const { database } = await open()
    const named = (outsideId: string, account = app) =>
      database.transaction((tx) => takeWaitingOf(tx, { tenant: a, account }, outsideId))
    await wait(database, 'token')
    expect([await named('2088000000000002'), await named(pid, other)]).toEqual([undefined, undefined])
    const taken = await named(pid)
    expect(taken).toMatchObject({ outcome: 'new', merchant: { outsideId: pid, tenant: a } })
    expect(await named(pid)).toBeUndefined()

    // Kept beside the word in use: for nobody but us.
    await wait(database, 'newer')
    expect(await listWaiting(database.reads, app)).toEqual([])
    expect(await named(pid)).toBeUndefined()
    const spare = await spareOf(database.reads, app, pid)
    expect(spare?.token.reveal()).toBe('newer')
    expect(await spareOf(database.reads, other, pid)).toBeUndefined()
    expect((await tokens(database.reads, taken?.merchant.id ?? asId('')))?.[0]).toBe('token')
  })

  test('what a word does not cover is kept with it, and forgotten with a new one', async () => {
    const { database, clock } = await open()
    const { merchant } = await database.transaction((tx) => authorise(tx, under, given('one')))
    const lacks = async () => (await findMerchant(database.reads, merchant.id))?.lacks
    const holds = (more?: readonly string[], seen = merchant) =>
      database.transaction((tx) => tokenHolds(tx, seen, more))
    expect(await lacks()).toEqual([])
    expect(await holds(['a.b', 'c'])).toBe(true)
    expect(await lacks()).toEqual(['a.b', 'c'])
    await holds()
    expect(await lacks()).toEqual(['a.b', 'c'])
    expect(await holds([], { ...merchant, fence: 9 })).toBe(false)
    expect(await lacks()).toEqual(['a.b', 'c'])
    clock.advance(minute)
    await database.transaction((tx) => tokenAsked(tx, merchant))
    expect(await tokensToCheck(database.reads, instant(noon), 9)).toEqual([])
    await database.transaction((tx) => authorise(tx, under, given('two')))
    expect(await lacks()).toEqual([])
  })

  test('what is too old is forgotten, with the tokens in it; what is not stays', async () => {
    const { database, clock } = await open()
    const { expiresAt } = await wait(database, 'token')
    await stateFor(database)
    clock.advance(minute)
    const { state } = await stateFor(database)
    const forget = (until = instant(clock.now())) => database.transaction((tx) => forgetAuthorisations(tx, until))
    expect(await forget()).toBe(0)
    clock.advance(14 * minute)
    expect(await forget()).toBe(1)
    expect(await use(database, state)).toBeDefined()
    expect(await forget(later(expiresAt, -1))).toBe(1)
    expect(await forget(expiresAt)).toBe(1)
    expect(await everything(database)).toBe('[[],[],[]]')
  })
})

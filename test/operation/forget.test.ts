import { randomBytes } from 'node:crypto'
import { expect, test } from 'vitest'
import type { Snapshot } from '../../src/complaints/complaint.ts'
import { silent } from '../../src/core/logger.ts'
import { pictureHash } from '../../src/core/picture.ts'
import { fen, instant, newId } from '../../src/core/words.ts'
import { forget } from '../../src/schedule/forget.ts'
import { createAccount } from '../../src/storage/accounts.ts'
import { findCallback, toldPlace } from '../../src/storage/callbacks.ts'
import { findComplaint, insertComplaint, saveComplaint } from '../../src/storage/complaints.ts'
import { appendFacts, factsOf } from '../../src/storage/facts.ts'
import { callbacksAbout, erasePerson } from '../../src/storage/forget.ts'
import { findPicture, heldPictures, holdPicture, keepPicture } from '../../src/storage/pictures.ts'
import { findExact } from '../../src/storage/search.ts'
import { createTenant } from '../../src/storage/tenants.ts'
import { snapshot } from '../complaints/support.ts'
import { type DatabaseKind, onEachDatabase } from '../support/databases.ts'

const day = 86_400_000
const phone = '13800136688'
const other = '13900139911'

async function shop({ open }: DatabaseKind) {
  const { database, clock } = await open()
  const { reads } = database
  const { tenant, account } = await database.transaction(async (tx) => {
    const zone = 'Asia/Shanghai'
    const tenant = await createTenant(tx, { handle: 'one', name: '一', zone, language: 'en', secondPersonFrom: fen(1) })
    if (!tenant) throw new Error('no tenant')
    const rest = { platform: 'wechat-mini', outsideId: 'wx1', name: '小程序', enabled: true, settings: {}, secrets: {} }
    const account = await createAccount(tx, { tenant: tenant.id, ...rest } as Parameters<typeof createAccount>[1])
    if (!account) throw new Error('no account')
    return { tenant, account }
  })
  let number = 0
  const complain = async (of: Partial<Snapshot> = {}, whose = phone) => {
    const said = snapshot({
      scope: 'wx1',
      number: String(++number),
      phase: 'closed',
      text: '我叫张三丰，茶壶裂了',
      timeline: [
        { at: instant(clock.now()), by: 'user', label: '发起', text: '电话 13800136688', pictures: ['https://x/y'] },
      ],
      person: { name: '张三丰', phone: whose, openid: 'oABC' },
      ...of,
    })
    const bytes = Buffer.from(`picture ${number}`)
    return database.transaction(async (tx) => {
      const made = await insertComplaint(
        tx,
        { tenant: tenant.id, account: account.id, platform: 'wechat-mini' },
        said,
        {
          version: 1,
          who: '张** ·6688',
          payer: tx.sealer.pseudonym(tenant.id, `phone ${whose}`),
        },
      )
      await keepPicture(tx, { type: 'image/png', bytes })
      await holdPicture(tx, made.id, { place: '0', hash: pictureHash(bytes) })
      const [happening] = said.timeline
      if (happening) await appendFacts(tx, made, [{ kind: 'said', happening }])
      const id = newId('callback', randomBytes, clock.now())
      const told = tx.sealer.seal(toldPlace(tenant.id, id), `{"phone":"${whose}"}`)
      const rest = { key: id, event: 'x', number: said.number, state: 'drained', drained_at: null } as const
      await tx.db
        .insertInto('callback')
        .values({ id, tenant: tenant.id, account: account.id, told, received_at: instant(clock.now()), ...rest })
        .execute()
      return { ...made, hash: pictureHash(bytes), callback: id }
    })
  }
  const parts = { storage: database, logger: silent }
  const standing = async (one: Awaited<ReturnType<typeof complain>>) => {
    const found = await findComplaint(reads, tenant.id, one.id)
    return {
      person: found?.person,
      who: found?.who,
      picture: (await findPicture(reads, one.hash)) !== undefined,
      hash: (await heldPictures(reads, one.id))[0]?.hash,
      told: (await findCallback(reads, one.callback))?.told,
    }
  }
  return { database, reads, clock, tenant, account, complain, parts, standing }
}

onEachDatabase('what is let go of', (kind) => {
  test('after half a year the pictures, after a year who it was; what is open or has changed since stays', async () => {
    const { clock, complain, parts, standing, database } = await shop(kind)
    const old = await complain()
    const open = await complain({ phase: 'ours' })
    const changed = await complain()
    await forget(parts)
    clock.advance(179 * day)
    await forget(parts)
    const whole = {
      person: { name: '张三丰', phone, openid: 'oABC' },
      who: '张** ·6688',
      picture: true,
      hash: old.hash,
      told: `{"phone":"${phone}"}`,
    }
    expect(await standing(old)).toEqual(whole)
    await database.transaction((tx) =>
      saveComplaint(tx, changed, { ...changed, label: 'again' }, { version: 2, who: changed.who }),
    )
    clock.advance(2 * day)
    await forget(parts)
    // The bytes are gone, the hash stays.
    expect(await standing(old)).toEqual({ ...whole, picture: false })
    expect((await standing(open)).picture).toBe(true)
    expect((await standing(changed)).picture).toBe(true)
    clock.advance(185 * day)
    await forget(parts)
    expect(await standing(old)).toEqual({ person: {}, who: '—', picture: false, hash: old.hash, told: '' })
    expect(await standing(open)).toMatchObject({ person: { phone }, picture: true })
    expect(await standing(changed)).toMatchObject({ person: { phone }, picture: false })
  })

  test('what is said anew is there anew, and is let go of anew', async () => {
    const { database, clock, complain, parts, standing } = await shop(kind)
    const one = await complain()
    clock.advance(400 * day)
    await forget(parts)
    expect((await standing(one)).person).toEqual({})
    await database.transaction((tx) => saveComplaint(tx, one, one, { version: 2, who: one.who }))
    await forget(parts)
    expect((await standing(one)).person).toMatchObject({ phone })
    clock.advance(400 * day)
    await forget(parts)
    expect((await standing(one)).person).toEqual({})
  })

  test('a picture that another case or a rule still shows stays', async () => {
    const { database, clock, complain, parts, standing, tenant } = await shop(kind)
    const [one, two, three] = [await complain(), await complain({ phase: 'ours' }), await complain()]
    await database.transaction(async (tx) => {
      await holdPicture(tx, two.id, { place: '1', hash: one.hash })
      await tx.db
        .insertInto('rule')
        .values({
          id: 'rul_1',
          tenant: tenant.id,
          name: 'r',
          position: 1,
          mode: 'off',
          accounts: '[]',
          conditions: '{}',
          act: JSON.stringify({ pictures: [three.hash] }),
          delay: 0,
          each: null,
          day: null,
          payer_day: null,
          created_at: '',
        })
        .execute()
    })
    clock.advance(200 * day)
    await forget(parts)
    expect((await standing(one)).picture).toBe(true)
    expect((await standing(three)).picture).toBe(true)
  })

  test('one person is erased over all closed complaints of a business, and nobody else', async () => {
    const { database, reads, complain, standing, tenant } = await shop(kind)
    const [one, two, open, stranger] = [
      await complain(),
      await complain(),
      await complain({ phase: 'ours' }),
      await complain({}, other),
    ]
    const untouched = await standing(stranger)
    const erase = async (whose: string, at = tenant.id) => {
      const callbacks = await callbacksAbout(reads, at, whose)
      return database.transaction((tx) => erasePerson(tx, at, { phone: whose, callbacks }))
    }
    // Of another business there is nobody.
    const elsewhere = await database.transaction((tx) =>
      createTenant(tx, { handle: 'two', name: '二', zone: 'Asia/Shanghai', language: 'en', secondPersonFrom: fen(1) }),
    )
    expect(await erase(phone, elsewhere?.id)).toEqual({ complaints: 0, open: 0, callbacks: 0, pictures: 0 })
    expect(await erase(phone)).toEqual({ complaints: 2, open: 1, callbacks: 2, pictures: 2 })
    for (const gone of [one, two]) {
      expect(await standing(gone)).toMatchObject({ person: {}, who: '—', picture: false, told: '' })
      const found = await findComplaint(reads, tenant.id, gone.id)
      const all = JSON.stringify([found, await factsOf(reads, gone.id, 50)])
      for (const trace of ['张三丰', phone, '6688', 'oABC', 'https://x/y', '茶壶']) expect(all).not.toContain(trace)
      expect(found).toMatchObject({ number: gone.number, orders: gone.orders, running: gone.running })
    }
    const rows = await database.bare((db) => db.selectFrom('term').selectAll().execute())
    expect(rows.filter(({ running }) => running === one.running)).toEqual([])
    const exact = await findExact(reads, { tenant: tenant.id, limit: 9 }, { phoneTail: '6688' })
    expect(exact.map(({ running }) => running)).toEqual([open.running])
    expect(await standing(open)).toMatchObject({ person: { phone }, picture: true })
    expect(await standing(stranger)).toEqual(untouched)
    // Again: there is nobody left but in the open one.
    expect(await erase(phone)).toEqual({ complaints: 0, open: 1, callbacks: 0, pictures: 0 })
  })
})

import { expect, test } from 'vitest'
import {
  asId,
  asPictureHash,
  type ComplaintId,
  fen,
  instant,
  type MemberId,
  type RoomId,
} from '../../src/core/words.ts'
import {
  createPass,
  generationOf,
  letPassesGo,
  openPass,
  passBehind,
  passOpenedBy,
  revokeLinks,
  useNonce,
} from '../../src/storage/case-links.ts'
import {
  findOffer,
  giveBackOffer,
  keepOffer,
  letOffersGo,
  offeredLately,
  offeredPictures,
  takeOffer,
} from '../../src/storage/offers.ts'
import type { Database } from '../../src/storage/open.ts'
import { findPicture, stagePictures } from '../../src/storage/pictures.ts'
import { createTenant } from '../../src/storage/tenants.ts'
import { onEachDatabase } from '../support/databases.ts'

const [one, two] = ['cmp_1', 'cmp_2'].map((id) => asId<'complaint'>(id)) as [ComplaintId, ComplaintId]
const [li, chen] = ['mem_li', 'mem_chen'].map((id) => asId<'member'>(id)) as [MemberId, MemberId]
const room: RoomId = asId('rom_1')

const shop = (database: Database, handle: string) =>
  database.transaction(async (tx) => {
    const about = {
      handle,
      name: handle,
      zone: 'Asia/Shanghai',
      language: 'zh-CN',
      secondPersonFrom: fen(20_000),
    } as const
    const tenant = await createTenant(tx, about)
    if (!tenant) throw new Error('taken')
    return tenant.id
  })

onEachDatabase('links to a case', ({ open }) => {
  test('are taken back for one complaint or all of one tenant, and of nobody else', async () => {
    const { database } = await open()
    const [ours, theirs] = [await shop(database, 'one'), await shop(database, 'two')]
    const numbers = () =>
      Promise.all([
        generationOf(database.reads, { tenant: ours, complaint: one, room }),
        generationOf(database.reads, { tenant: ours, complaint: two, room }),
        generationOf(database.reads, { tenant: theirs, complaint: one, room }),
      ])
    expect(await numbers()).toEqual([0, 0, 0])
    await database.transaction((tx) => revokeLinks(tx, ours, one))
    expect(await numbers()).toEqual([1, 0, 0])
    await database.transaction((tx) => revokeLinks(tx, ours))
    await database.transaction((tx) => revokeLinks(tx, ours, one))
    expect(await numbers()).toEqual([3, 1, 0])
  })

  test('a member’s own opens once, in time, and its session alone comes in', async () => {
    const { database, clock } = await open()
    const tenant = await shop(database, 'one')
    const now = () => clock.now()
    const of = { tenant, complaint: one, member: li, room, user: 'u' }
    await database.transaction((tx) => createPass(tx, { ...of, secret: 's', expiresAt: instant(now() + 1000) }))
    expect(await passBehind(database.reads, 's')).toMatchObject(of)
    expect(await passBehind(database.reads, 'x')).toBeUndefined()
    const opened = { session: 'in', until: instant(now() + 5000) }
    const open1 = () => database.transaction((tx) => openPass(tx, 's', opened))
    const [pass, again] = [await open1(), await open1()]
    expect(pass).toMatchObject(of)
    expect(again).toBeUndefined()
    const id = pass?.id ?? ''
    expect(await passBehind(database.reads, 's')).toBeUndefined()
    expect(await passOpenedBy(database.reads, id, 'in')).toEqual({ ...pass, until: opened.until })
    expect(await passOpenedBy(database.reads, id, 's')).toBeUndefined()
    expect(await passOpenedBy(database.reads, 'other', 'in')).toBeUndefined()
    const use = () => database.transaction((tx) => useNonce(tx, { id }, 'n'))
    expect([await use(), await use()]).toEqual([true, false])
    clock.advance(5000)
    expect(await passOpenedBy(database.reads, id, 'in')).toBeUndefined()
    await database.transaction((tx) => createPass(tx, { ...of, secret: 'late', expiresAt: instant(now()) }))
    expect(await database.transaction((tx) => openPass(tx, 'late', opened))).toBeUndefined()
  })

  test('are let go of when nobody can come in by them any more', async () => {
    const { database, clock } = await open()
    const tenant = await shop(database, 'one')
    const until = instant(clock.now() + 5000)
    const of = {
      tenant,
      complaint: one,
      member: li,
      room,
      user: 'u',
      secret: 's',
      expiresAt: instant(clock.now() + 1000),
    }
    await database.transaction((tx) => createPass(tx, of))
    const pass = await database.transaction((tx) => openPass(tx, 's', { session: 'in', until }))
    await database.transaction((tx) => letPassesGo(tx, instant(clock.now() + 4999)))
    expect(await passOpenedBy(database.reads, pass?.id ?? '', 'in')).toBeDefined()
    await database.transaction((tx) => letPassesGo(tx, until))
    expect(await passOpenedBy(database.reads, pass?.id ?? '', 'in')).toBeUndefined()
  })

  test('taking links back throws out who is inside', async () => {
    const { database, clock } = await open()
    const tenant = await shop(database, 'one')
    const until = instant(clock.now() + 5000)
    const inside = async (complaint: ComplaintId) => {
      const secret = `s${complaint}`
      await database.transaction((tx) =>
        createPass(tx, { tenant, complaint, member: li, room, user: 'u', secret, expiresAt: until }),
      )
      return (await database.transaction((tx) => openPass(tx, secret, { session: 'in', until })))?.id ?? ''
    }
    const [first, second] = [await inside(one), await inside(two)]
    await database.transaction((tx) => revokeLinks(tx, tenant, one))
    expect(await passOpenedBy(database.reads, first, 'in')).toBeUndefined()
    expect(await passOpenedBy(database.reads, second, 'in')).toBeDefined()
  })
})

onEachDatabase('pictures that are offered', ({ open }) => {
  const picture = (word: string) => ({ type: 'image/png', bytes: Buffer.from(word) }) as const

  test('keep their order; the first who takes them has them until they are given back', async () => {
    const { database, clock } = await open()
    const tenant = await shop(database, 'one')
    const offer = await database.transaction((tx) =>
      keepOffer(tx, { tenant, complaint: one, room }, [picture('b'), picture('a')]),
    )
    expect(await findOffer(database.reads, offer.id)).toEqual(offer)
    const hashes = await offeredPictures(database.reads, offer.id)
    expect(hashes.length).toBe(2)
    expect([...(await offeredLately(database.reads, { complaint: one, room }))].sort()).toEqual([...hashes].sort())
    expect(await offeredLately(database.reads, { complaint: two, room })).toEqual([])
    const take = (member: MemberId) => database.transaction((tx) => takeOffer(tx, offer.id, member))
    expect([await take(li), await take(chen), await take(li)]).toEqual([true, false, false])
    expect((await findOffer(database.reads, offer.id))?.takenBy).toBe(li)
    await database.transaction((tx) => giveBackOffer(tx, offer.id, chen))
    expect(await take(chen)).toBe(false)
    await database.transaction((tx) => giveBackOffer(tx, offer.id, li))
    expect(await take(chen)).toBe(true)
    clock.advance(24 * 3_600_000)
    expect(await offeredLately(database.reads, { complaint: one, room })).toEqual([])
  })

  test('are let go of when they are over, with what nothing else holds', async () => {
    const { database, clock } = await open()
    const tenant = await shop(database, 'one')
    const offer = await database.transaction((tx) =>
      keepOffer(tx, { tenant, complaint: one, room }, [picture('kept'), picture('gone')]),
    )
    const [kept = '', gone = ''] = await offeredPictures(database.reads, offer.id)
    clock.advance(25 * 3_600_000)
    const pile = { room, member: li, complaint: one }
    await database.transaction((tx) => stagePictures(tx, pile, [picture('kept')]))
    await database.transaction((tx) => letOffersGo(tx, offer.expiresAt))
    expect(await findOffer(database.reads, offer.id)).toBeUndefined()
    expect(await findPicture(database.reads, asPictureHash(kept))).toBeDefined()
    expect(await findPicture(database.reads, asPictureHash(gone))).toBeUndefined()
  })
})

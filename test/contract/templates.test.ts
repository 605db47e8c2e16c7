import { expect, test } from 'vitest'
import { asId, fen, type TemplateId, type TenantId } from '../../src/core/words.ts'
import type { Database } from '../../src/storage/open.ts'
import {
  addStarters,
  changeTemplate,
  createTemplate,
  listTemplates,
  removeTemplate,
} from '../../src/storage/templates.ts'
import { createTenant, type Language } from '../../src/storage/tenants.ts'
import { onEachDatabase } from '../support/databases.ts'

const shop = (database: Database, handle: string, language: Language = 'zh-CN') =>
  database.transaction(async (tx) => {
    const about = { handle, name: handle, zone: 'Asia/Shanghai', language, secondPersonFrom: fen(20_000) }
    const tenant = await createTenant(tx, about)
    if (!tenant) throw new Error('taken')
    return tenant
  })

const bare = { text: '您好 {订单号}', for: [], reasons: [], platforms: [] } as const
const add = (database: Database, tenant: TenantId, name: string) =>
  database.transaction(async (tx) => {
    const made = await createTemplate(tx, { ...bare, tenant, name })
    if (!made) throw new Error('taken')
    return made
  })

onEachDatabase('templates', ({ open }) => {
  test('one comes back as it was kept, last of its tenant; a name is taken once, and only there', async () => {
    const { database } = await open()
    const [one, two] = [await shop(database, 'one'), await shop(database, 'two')]
    const first = await add(database, one.id, '甲')
    const limited = { for: ['agree', 'talk'], reasons: ['破损', '"'], platforms: ['wechat-pay'] } as const
    const second = await database.transaction((tx) =>
      createTemplate(tx, { ...bare, ...limited, tenant: one.id, name: '乙' }),
    )
    expect(second).toEqual({ ...limited, id: second?.id, tenant: one.id, name: '乙', text: bare.text, position: 2 })
    expect(await listTemplates(database.reads, one.id)).toEqual([first, second])
    const again = { ...bare, tenant: one.id, name: '甲' }
    expect(await database.transaction((tx) => createTemplate(tx, again))).toBeUndefined()
    expect((await add(database, two.id, '甲')).position).toBe(1)
    expect((await listTemplates(database.reads, one.id)).length).toBe(2)
  })

  test('what a change does not name stays, an empty list takes a limit away, and nobody else is touched', async () => {
    const { database } = await open()
    const [one, two] = [await shop(database, 'one'), await shop(database, 'two')]
    const [first, second] = [await add(database, one.id, '甲'), await add(database, one.id, '乙')]
    const other = await add(database, two.id, '甲')
    const change = (of: TenantId, what: Parameters<typeof changeTemplate>[3]) =>
      database.transaction((tx) => changeTemplate(tx, of, first.id, what))
    expect(await change(one.id, { text: '好', for: ['agree'], reasons: ['破'], platforms: ['wechat-mini'] })).toEqual({
      ...first,
      text: '好',
      for: ['agree'],
      reasons: ['破'],
      platforms: ['wechat-mini'],
    })
    const now = { ...first, name: '甲2', text: '好', platforms: ['wechat-mini'] }
    expect(await change(one.id, { name: '甲2', for: [], reasons: [] })).toEqual(now)
    expect(await change(one.id, { name: '甲2' })).toEqual(now)
    expect(await change(one.id, { name: '乙', text: '别的' })).toBe('taken')
    expect(await change(two.id, { text: '别的' })).toBeUndefined()
    expect(await listTemplates(database.reads, one.id)).toEqual([now, second])
    expect(await listTemplates(database.reads, two.id)).toEqual([other])
  })

  test('one is put in its place, and the others make room; beyond the last is last', async () => {
    const { database } = await open()
    const { id: tenant } = await shop(database, 'one')
    const ids: TemplateId[] = []
    for (const name of ['甲', '乙', '丙', '丁']) ids.push((await add(database, tenant, name)).id)
    const put = async (at: number, position: number) => {
      await database.transaction((tx) => changeTemplate(tx, tenant, ids[at] ?? asId(''), { position }))
      const all = await listTemplates(database.reads, tenant)
      return all.map(({ name, position }) => name + position).join(' ')
    }
    expect(await put(3, 1)).toBe('丁1 甲2 乙3 丙4')
    expect(await put(3, 3)).toBe('甲1 乙2 丁3 丙4')
    expect(await put(0, 99)).toBe('乙1 丁2 丙3 甲4')
    await database.transaction((tx) => removeTemplate(tx, tenant, ids[1] ?? asId('')))
    expect((await add(database, tenant, '戊')).position).toBe(5)
    expect(await put(2, 1)).toBe('丙1 丁2 甲3 戊4')
  })

  test('one is removed by its tenant alone, and its name is free again', async () => {
    const { database } = await open()
    const [one, two] = [await shop(database, 'one'), await shop(database, 'two')]
    const { id } = await add(database, one.id, '甲')
    expect(await database.transaction((tx) => removeTemplate(tx, two.id, id))).toBe(false)
    expect(await database.transaction((tx) => removeTemplate(tx, one.id, id))).toBe(true)
    expect(await database.transaction((tx) => removeTemplate(tx, one.id, id))).toBe(false)
    expect(await listTemplates(database.reads, one.id)).toEqual([])
    await add(database, one.id, '甲')
  })

  test('a business begins with four in its language', async () => {
    const { database } = await open()
    const names = async (handle: string, language: Language) => {
      const tenant = await shop(database, handle, language)
      await database.transaction((tx) => addStarters(tx, tenant))
      return (await listTemplates(database.reads, tenant.id)).map(({ name }) => name)
    }
    expect(await names('one', 'zh-CN')).toEqual(['致歉并补发', '已安排退款', '请提供照片', '已按约定发货'])
    expect(await names('two', 'en')).toEqual([
      'Sorry, sending again',
      'Refund arranged',
      'Photos, please',
      'Shipped as agreed',
    ])
  })
})

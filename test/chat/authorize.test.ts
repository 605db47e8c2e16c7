import jsQR from 'jsqr'
import sharp from 'sharp'
import { expect, test } from 'vitest'
import { type Authorising, authorising } from '../inbox/merchants.ts'
import { alone } from '../support/chat.ts'
import { group, people, world } from '../support/world.ts'

const { li, chen, wang } = people
const linkIn = (text = '') => /https?:\/\/\S+/.exec(text)?.[0] ?? ''
const ask = (w: Authorising, said: string, who: (typeof people)[keyof typeof people] = chen) =>
  w.chat.say(who, group, said)

test.each(['/authorize', '／授权', '/authorise 支付宝', '/authorize 2021000000000001'])(
  '%s: a link for a merchant, with its QR code, good once',
  async (said) => {
    const w = await authorising()
    w.withheld()
    const { text, pictures, onlyFor } = await ask(w, said)
    expect(text).toContain('「支付宝」的商家授权链接，15 分钟内有效，只能用一次')
    expect(text).toContain('支付宝扫二维码')
    expect(onlyFor).toBeUndefined()
    const [qr, ...more] = pictures ?? []
    expect([qr?.type, more]).toEqual(['image/png', []])
    expect(qr?.bytes.readUInt32BE(16)).toBeGreaterThan(400)
    const link = linkIn(text)
    expect((await w.visit(await w.agree(link))).title).toBe('授权成功')
    expect((await w.visit(await w.agree(link))).status).toBe(410)
    const by = await w.storage.reads.db.selectFrom('auth_state').select('created_by').executeTakeFirst()
    expect(JSON.parse(by?.created_by ?? '')).toMatchObject({ name: '阿陈', via: 'chat' })
  },
)

test('the QR code says the phone’s link, as another reader reads it', async () => {
  const w = await authorising()
  const { pictures, text } = await ask(w, '/authorize')
  const link = await readQr(pictures?.[0]?.bytes ?? Buffer.alloc(0))
  expect(link).toContain('/platformapi/startapp?appId=2021003130652097')
  const state = /state%22%3A%22(\w+)/.exec(linkIn(text))?.[1]
  expect(decodeURIComponent(decodeURIComponent(link))).toContain(`"state":"${state}"`)
  w.withheld()
  expect((await w.visit(await w.agree(link))).title).toBe('授权成功')
})

test('admins only; everybody else is told who may', async () => {
  const w = await authorising()
  for (const who of [li, wang]) {
    const { text, pictures } = await ask(w, '/authorize', who)
    expect([text, pictures]).toEqual([expect.stringContaining('管理员'), undefined])
  }
  expect(await w.storage.reads.db.selectFrom('auth_state').select('hash').execute()).toEqual([])
})

test('in English, alone with the bot', async () => {
  const w = await authorising({ language: 'en' })
  expect((await w.chat.say(chen, alone(chen), '/authorize')).text).toMatch(
    /^A link by which one merchant authorises "支付宝", good once and for 15 minutes:\nhttp/,
  )
})

test('which account is meant, where there are several or none of that name', async () => {
  const w = await authorising()
  await w.alipay.join(w.tenant, 'certificate', '第二个')
  expect((await ask(w, '/authorize')).text).toMatch(/^要说明是哪个账号：(支付宝 \/ 第二个|第二个 \/ 支付宝)$/)
  expect((await ask(w, '/authorize 第二个')).text).toContain('「第二个」的商家授权链接')
  expect((await ask(w, '/authorize 别家')).text).toContain('没有「别家」这个账号；可选：')
  await w.alipay.admin('PATCH', `/tenants/shop/accounts/${w.isv.account}`, { enabled: false })
  expect((await ask(w, '/authorize')).text).toContain('「第二个」的商家授权链接')
})

test('where no account takes authorisations', async () => {
  const w = await world()
  expect((await w.chat.say(chen, group, '/authorize')).text).toBe('这里没有需要商家授权的账号')
})

test('a merchant that waits is claimed by its code, by an admin, once', async () => {
  const w = await authorising()
  w.withheld()
  const page = await w.visit((await w.alipay.sandbox.consentByInvitation(w.isv.appId, w.shop.pid)).redirect)
  const code = /<b>([A-Z2-9]{10})<\/b>/.exec(page.text)?.[1] ?? ''
  expect((await ask(w, `/authorize ${code}`, li)).text).toContain('管理员')
  expect(await w.merchants()).toEqual([])
  expect((await ask(w, `/授权 ${code.toLowerCase()}`)).text).toBe(`已认领商家「${w.shop.pid}」（支付宝）`)
  expect(await w.merchants()).toMatchObject([{ outsideId: w.shop.pid, authorised: true }])
  expect((await ask(w, `/authorize ${code}`)).text).toContain(`认领码 ${code} 不存在、已用过或已过期`)
  expect((await ask(w, '/authorize AAAAAAAAAA')).text).toContain('认领码 AAAAAAAAAA 不存在')
})

async function readQr(png: Buffer): Promise<string> {
  const { data, info } = await sharp(png).ensureAlpha().raw().toBuffer({ resolveWithObject: true })
  return jsQR.default(new Uint8ClampedArray(data), info.width, info.height)?.data ?? ''
}

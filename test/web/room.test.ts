import { connect } from 'node:net'
import { describe, expect, test } from 'vitest'
import { parcelPhoto } from '../../sandbox/parcel.ts'
import { readToken, roomToken } from '../../src/chat/case-link.ts'
import { fen } from '../../src/core/words.ts'
import { changeAccount } from '../../src/storage/accounts.ts'
import { createRoom } from '../../src/storage/rooms.ts'
import { createTenant } from '../../src/storage/tenants.ts'
import { alone } from '../support/chat.ts'
import { publicUrl } from '../support/public-url.ts'
import { group, people, type World, world } from '../support/world.ts'
import { cardAddress, enter, labels, surfer } from './support.ts'

const { li, chen, wang } = people
/** Each another one. */
const photo = (at = 0) => new Blob([new Uint8Array(parcelPhoto(0)), new Uint8Array([at])], { type: 'image/png' })
const reached = { publicUrl: true } as const
const facts = async (w: World) =>
  (await w.storage.reads.db.selectFrom('fact').select('kind').orderBy('nr').execute()).map(({ kind }) => kind)

describe('the link on a card', () => {
  test('is there only where the world reaches us, the same for as long as nobody takes it back', async () => {
    const hidden = await world()
    await hidden.complain()
    expect(hidden.chat.card(group, '#1').card.link).toBeUndefined()
    const w = await world(reached)
    await w.complain()
    const first = w.chat.card(group, '#1').card.link
    expect(first).toEqual({
      label: '打开处理页',
      url: expect.stringMatching(/^https:\/\/redress\.example\/case\/[\w.-]+$/),
    })
    await w.chat.pressLabel(li, group, '#1', '认领')
    await w.settle()
    expect(w.chat.card(group, '#1').card.link).toEqual(first)
    // One's own chat has links of one's own.
    expect((await w.chat.say(li, alone(li), '/show 1')).card?.link).toBeUndefined()
  })

  test('shows what the card shows, to anybody, and offers no move', async () => {
    const w = await world(reached)
    await w.complain({
      text: '打我电话 13812346688 或 138-1234-6688',
      amount: 1990,
      phone: '13812346688',
      nickname: '张三丰',
    })
    await w.chat.say(li, group, '/note 1 内部备注')
    await w.settle()
    const seen = await surfer(w).get(cardAddress(w))
    expect(seen.status).toBe(200)
    for (const { text } of w.chat.card(group, '#1').card.lines) expect(seen.words).toContain(text)
    expect(seen.words).toContain('打我电话 138****6688 或 138****6688')
    expect(seen.html).not.toMatch(/13812346688|138-1234-6688|张三丰|内部备注/)
    expect(labels(seen)).toEqual(['上传'])
    expect(seen.words).toContain('/link 1')
  })

  test('is plain, shut to scripts, frames and caches of others, and tells nobody its address', async () => {
    const w = await world(reached)
    await w.complain({ text: '<script>alert(1)</script><img src=x onerror=alert(1)>', photos: [parcelPhoto(0)] })
    const { headers, html } = await surfer(w).get(cardAddress(w))
    expect(html).not.toMatch(/<img src=x|<script>alert/)
    expect(html.match(/<script/g)?.length).toBe(1)
    expect(html).not.toMatch(/<[a-z][^>]* (on\w+|style)=|javascript:/)
    expect(headers.get('content-security-policy')).toMatch(
      /^default-src 'none'; style-src 'sha256-[^']+'; script-src 'sha256-[^']+'; img-src 'self' data:; form-action 'self'; base-uri 'none'; frame-ancestors 'none'$/,
    )
    expect(headers.get('referrer-policy')).toBe('no-referrer')
    expect(headers.get('cache-control')).toBe('no-store')
    expect(headers.get('x-robots-tag')).toBe('noindex, nofollow')
    expect(headers.get('x-content-type-options')).toBe('nosniff')
  })

  test('gives the complaint’s own pictures, and no other', async () => {
    const w = await world(reached)
    await w.complain({ photos: [parcelPhoto(0)] })
    await w.complain({ photos: [parcelPhoto(1)] })
    const browser = surfer(w)
    const [first, second] = [cardAddress(w, '#1'), cardAddress(w, '#2')]
    const picture = async (address: string) => {
      const [, path = ''] = /<img src="([^"]+)"/.exec((await browser.get(address)).html) ?? []
      return new URL(path, address).href.replace(publicUrl, w.url)
    }
    const mine = await fetch(await picture(first))
    expect(mine.headers.get('content-type')).toBe('image/png')
    expect(mine.headers.get('content-security-policy')).toBe("default-src 'none'; sandbox")
    expect(Buffer.from(await mine.arrayBuffer()).equals(parcelPhoto(0))).toBe(true)
    const theirs = (await picture(second)).split('/p/')[1]
    expect((await browser.get(`${first}/p/${theirs}`)).status).toBe(404)
    expect((await browser.get(`${first}/p/${'0'.repeat(64)}`)).status).toBe(404)
    expect((await browser.get(`${first}/p/..%2f..%2fetc`)).status).toBe(404)
  })

  test('ends thirty days after the last thing that happened', async () => {
    const w = await world(reached)
    await w.complain()
    const address = cardAddress(w)
    w.clock.advance(29 * 86_400_000)
    expect((await surfer(w).get(address)).status).toBe(200)
    await w.chat.say(li, group, '/note 1 还在')
    w.clock.advance(29 * 86_400_000)
    expect((await surfer(w).get(address)).status).toBe(200)
    w.clock.advance(2 * 86_400_000)
    expect((await surfer(w).get(address)).status).toBe(410)
  })

  test('is taken back by an admin: of one complaint, or of all', async () => {
    const w = await world(reached)
    await w.complain()
    await w.complain()
    const [first, second] = [cardAddress(w, '#1'), cardAddress(w, '#2')]
    const own = await enter(w, li)
    expect((await w.chat.say(li, group, '/link 1 off')).text).toContain('需要「管理员」')
    expect((await w.chat.say(chen, group, '/link 1 off')).text).toContain('#1 的链接已全部作废')
    expect((await surfer(w).get(first)).status).toBe(410)
    expect((await own.look()).status).toBe(410)
    expect((await surfer(w).get(second)).status).toBe(200)
    expect((await w.chat.say(chen, group, '/link off')).text).toContain('所有投诉的链接已全部作废')
    expect((await surfer(w).get(second)).status).toBe(410)
    // The next card has one that opens.
    const shown = await w.chat.say(li, group, '/show 1')
    expect((await surfer(w).get(shown.card?.link?.url ?? '')).status).toBe(200)
  })

  test('of one business opens nothing of another', async () => {
    const w = await world(reached)
    await w.complain({ text: '只给小店看' })
    const { sealer } = w.storage.reads
    const [, room] = await w.storage.transaction(async (tx) => {
      const about = { zone: 'Asia/Shanghai', language: 'zh-CN', secondPersonFrom: fen(20_000) } as const
      const other = await createTenant(tx, { ...about, handle: 'other', name: '别家' })
      if (!other) throw new Error('no tenant')
      const more = { alone: false, title: '', topic: '', language: 'zh-CN' } as const
      return [other, await createRoom(tx, { ...more, tenant: other.id, bot: w.bot.id, chat: 'theirs' })] as const
    })
    const complaint = readToken(sealer, new URL(cardAddress(w)).pathname.slice('/case/'.length))
    if (complaint?.of !== 'room' || !room) throw new Error('no complaint')
    // Even if we had signed it.
    const token = roomToken(sealer, { ...complaint, room: room.id })
    const seen = await surfer(w).get(`${publicUrl}/case/${token}`)
    expect(seen.status).toBe(410)
    expect(seen.words).not.toContain('小店')
    // A room that is limited to other accounts is told nothing either.
    await w.storage.transaction((tx) =>
      tx.db.updateTable('room').set({ accounts: '["acc_x"]' }).where('chat', '=', group).execute(),
    )
    expect((await surfer(w).get(cardAddress(w))).status).toBe(410)
  })

  test('whatever else is tried opens nothing, and all of it looks alike', async () => {
    const w = await world(reached)
    await w.complain()
    const address = cardAddress(w)
    const token = address.slice(address.lastIndexOf('/') + 1)
    const [complaint = '', room = '', generation = '', signature = ''] = token.split('.')
    const flipped = `${signature.startsWith('A') ? 'B' : 'A'}${signature.slice(1)}`
    const tried = [
      `${complaint}.${room}.${generation}.${flipped}`,
      `${complaint}.${room}.1.${signature}`,
      `${room}.${complaint}.${generation}.${signature}`,
      `${complaint.replace(/.$/, '0')}x.${room}.${generation}.${signature}`,
      `${token}x`,
      token.slice(1),
      'x',
      'own',
      '%00',
      'a'.repeat(5000),
      `own/${complaint}`,
    ]
    const pages = await Promise.all(tried.map((each) => surfer(w).get(`${publicUrl}/case/${each}`)))
    expect([...new Set(pages.map(({ status }) => status))].sort()).toEqual([404, 410])
    expect(new Set(pages.map(({ html }) => html)).size).toBe(1)
    expect(pages[0]?.words).toContain('/link 128')
    expect(pages[0]?.words).toContain('This link no longer works')
  })

  test('of an account that is switched off shows nothing; a member sees that, and can do nothing', async () => {
    const w = await world(reached)
    await w.complain()
    const own = await enter(w, li)
    await w.storage.transaction((tx) => changeAccount(tx, w.tenant.id, w.account, { enabled: false }))
    expect((await surfer(w).get(cardAddress(w))).status).toBe(410)
    expect((await own.look()).words).toContain('账号已停用，现在不能处理')
    expect(labels(own.now)).not.toContain('同意和解')
  })
})

describe('pictures by the link on a card', () => {
  /** By the link on the first card: what is asked about later has none. */
  const bring = (w: World, ...pictures: readonly Blob[]) => {
    const link = w.chat.cards(group).find((card) => card.link)?.link
    return surfer(w).post(link?.url ?? '', { pictures })
  }

  test('wait for a member of the room to take them, and go with what that member says next', async () => {
    const w = await world(reached)
    await w.complain()
    const said = await bring(w, photo(0), photo(1))
    expect(said.words).toContain('已放好 2 张图片；群里有人收下后才算数')
    await w.settle()
    expect(w.chat.card(group, '#1 有人').card.title).toBe('#1 有人在处理页放了 2 张图片，收下后才算数')
    // A viewer may not, and the question stays.
    const no = await w.chat.pressLabel(wang, group, '#1 有人', '收下图片')
    expect(no.alert).toBe(true)
    expect(no.fresh?.buttons.map(({ label }) => label)).toEqual(['收下图片'])
    const took = await w.chat.pressLabel(li, group, '#1 有人', '收下图片')
    expect(took.fresh).toMatchObject({ title: '#1 小李 收下了 2 张图片', buttons: [] })
    const late = await w.chat.pressLabel(chen, group, '#1 有人', '收下图片')
    expect(late.fresh?.title).toBe('#1 这些图片已由 小李 收下')
    await w.chat.say(li, group, '/agree 1 见附图')
    await w.settle()
    const [sent] = w.wechat.ledger().filter(({ by }) => by === 'merchant')
    expect(sent?.media?.length).toBe(2)
  })

  test('nobody took count for nothing, and cannot be taken after a day', async () => {
    const w = await world(reached)
    await w.complain()
    await bring(w, photo(0))
    await w.settle()
    w.clock.advance(24 * 3_600_000)
    const late = await w.chat.pressLabel(li, group, '#1 有人', '收下图片')
    expect(late.fresh?.title).toBe('#1 这些图片已过期；请重新上传')
    await w.chat.say(li, group, '/agree 1 没有图')
    await w.settle()
    expect(w.wechat.ledger().filter(({ by }) => by === 'merchant')[0]?.media ?? []).toEqual([])
  })

  test('that come twice are asked about once; more than twenty a day are refused', async () => {
    const w = await world(reached)
    await w.complain()
    await bring(w, photo(0))
    await bring(w, photo(0))
    expect((await facts(w)).filter((kind) => kind === 'offered').length).toBe(1)
    for (let at = 1; at < 20; at += 4)
      await bring(w, ...[0, 1, 2, 3].filter((more) => at + more < 20).map((more) => photo(at + more)))
    expect((await bring(w, photo(30))).words).toContain('这一单今天收到的图片太多了')
  })

  test.each([
    ['nothing', [], '请先选择图片'],
    ['no picture', [new Blob(['<svg onload=alert(1)>'], { type: 'image/png' })], '有图片用不了'],
    ['five', [0, 1, 2, 3, 4].map(photo), '一次最多 4 张'],
  ])('%s: refused in words', async (_, pictures, words) => {
    const w = await world(reached)
    await w.complain()
    const said = await bring(w, ...pictures)
    expect(said.words).toContain(words)
    expect(await facts(w)).not.toContain('offered')
  })

  test('where nothing takes pictures any more there is no way to bring any', async () => {
    const w = await world(reached)
    const { id } = await w.complain()
    await w.wechat.set(id, { status: 205, push: true })
    await w.settle()
    expect(labels(await surfer(w).get(cardAddress(w)))).toEqual([])
    expect((await bring(w, photo(0))).html).toContain('said alert')
    expect(await facts(w)).not.toContain('offered')
  })
})

describe('a body', () => {
  const raw = async (w: World, address: string, type: string, body: string | Buffer) =>
    fetch(address.replace(publicUrl, w.url), {
      method: 'POST',
      headers: { 'content-type': type },
      body: new Uint8Array(Buffer.from(body)),
    })

  test.each([
    ['application/json', '{}'],
    ['text/plain', 'x'],
    ['multipart/form-data', 'x'],
    ['multipart/form-data; boundary=x', '--x\r\nContent-Disposition: form-data; name="a"\r\n\r\ncut'],
    ['', ''],
  ])('%j that is no form is refused', async (type, body) => {
    const w = await world(reached)
    await w.complain()
    const answer = await raw(w, cardAddress(w), type, body)
    expect(answer.status).toBe(400)
    expect(await answer.text()).toContain('没有收到完整内容')
  })

  test('too large is refused before it is read, and without a link that opens nothing of it is', async () => {
    const w = await world(reached)
    await w.complain()
    const { port } = new URL(w.url)
    const announced = (path: string) =>
      new Promise<string>((resolve) => {
        const socket = connect(Number(port), '127.0.0.1')
        let answer = ''
        socket.on('data', (bytes) => {
          answer += bytes.toString()
        })
        socket.on('close', () => resolve(answer))
        socket.on('error', () => {})
        // Announced, and never sent: an answer that waited for it would not come.
        socket.write(
          `POST ${path} HTTP/1.1\r\nHost: x\r\nContent-Type: multipart/form-data; boundary=x\r\nContent-Length: 2000000000\r\n\r\n`,
        )
        setTimeout(() => socket.end(), 3_000)
      })
    const path = new URL(cardAddress(w)).pathname
    expect(await announced(path)).toMatch(/^HTTP\/1\.1 413 [\s\S]*太大了/)
    expect(await announced('/case/nonsense')).toMatch(/^HTTP\/1\.1 404 [\s\S]*链接已失效/)
  })

  test('other methods find nothing', async () => {
    const w = await world(reached)
    await w.complain()
    for (const method of ['PUT', 'DELETE', 'PATCH'])
      expect((await fetch(cardAddress(w).replace(publicUrl, w.url), { method })).status).toBe(404)
  })
})

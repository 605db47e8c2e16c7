import { expect, test } from 'vitest'
import { roomToken } from '../../src/chat/case-link.ts'
import { asId } from '../../src/core/words.ts'
import { createBindRequest, useBindRequest } from '../../src/storage/bind-requests.ts'
import { findRunning } from '../../src/storage/complaints.ts'
import { heldPictures } from '../../src/storage/pictures.ts'
import { alone } from '../support/chat.ts'
import { publicUrl } from '../support/public-url.ts'
import { addressIn, formsOf, surfer } from '../web/support.ts'
import { differing, dumpOf } from './rows.ts'
import { both, group, type Side } from './side.ts'
import { type Mirror, mirror } from './world.ts'

const linkOf = ({ chat }: Side, title: string): string => {
  const { link } = chat.card(group, title).card
  if (!link) throw new Error('no link on the card')
  return link.url
}

async function complaintOf(w: Mirror, { tenant }: Side, running: number) {
  const found = await findRunning(w.storage.reads, tenant, running)
  if (!found) throw new Error(`no #${running}`)
  return found
}

/** Pictures that only this business has. */
async function ownPictures(w: Mirror, side: Side, other: Side): Promise<readonly string[]> {
  const hashes = async (of: Side) =>
    (await heldPictures(w.storage.reads, (await complaintOf(w, of, 1)).id)).flatMap(({ hash }) => hash ?? [])
  const theirs: readonly string[] = await hashes(other)
  return (await hashes(side)).filter((hash) => !theirs.includes(hash))
}

/** A link leads to its own business, whatever is put together with it. */
async function links(w: Mirror): Promise<void> {
  const { a, b } = w
  const { reads } = w.storage
  const browser = surfer(w as never)
  const [mine, theirs] = [linkOf(a, '#1'), linkOf(b, '#1')]
  for (const [link, side, other] of [
    [mine, a, b],
    [theirs, b, a],
  ] as const) {
    const page = await browser.get(link)
    expect([page.status, page.words.includes(side.mark), page.html.includes(other.mark)]).toEqual([200, true, false])
    const [own, foreign] = [await ownPictures(w, side, other), await ownPictures(w, other, side)]
    expect(Math.min(own.length, foreign.length)).toBeGreaterThan(0)
    for (const hash of own) expect((await browser.get(`${link}/p/${hash}`)).status).toBe(200)
    const nobodys = await browser.get(`${link}/p/${'0'.repeat(64)}`)
    expect(nobodys.status).toBe(404)
    for (const hash of foreign)
      expect(await browser.get(`${link}/p/${hash}`)).toMatchObject({ status: 404, html: nobodys.html })
  }
  // A room of one and a complaint of the other, even signed by us.
  const crossed = roomToken(reads.sealer, {
    ...{ complaint: (await complaintOf(w, b, 1)).id, room: asId<'room'>(a.ids.room), generation: 0 },
  })
  expect((await browser.get(`${publicUrl}/case/${crossed}`)).status).toBe(410)
  // The words of one, the signature of the other.
  const [words, signed] = [theirs, mine].map((link) => link.split('/').at(-1) ?? '')
  const forged = `${words?.replace(/\.[^.]+$/, '')}.${signed?.split('.').at(-1)}`
  expect((await browser.get(`${publicUrl}/case/${forged}`)).status).toBe(404)
}

/** Who is inside the one page is not inside the other, and presses nothing there. */
async function sessions(w: Mirror): Promise<void> {
  const { a, b } = w
  const rows = await dumpOf(w.storage.reads, b.tenant)
  const enter = async (side: Side) => {
    const browser = surfer(w as never)
    const opened = await browser.post(addressIn(await side.chat.say(both.chen, alone(both.chen), '/link 3')))
    return { browser, address: `${publicUrl}/case/${opened.headers.get('location') ?? ''}` }
  }
  const [here, there] = [await enter(a), await enter(b)]
  const page = await here.browser.get(here.address)
  expect([page.status, page.words.includes(a.mark), page.html.includes(b.mark)]).toEqual([200, true, false])
  // With the cookie of the one at the address of the other.
  const strange = await here.browser.get(there.address)
  expect([strange.status, strange.html.includes(b.mark)]).toEqual([410, false])
  expect(await here.browser.post(there.address, { do: 'note', text: '外人' })).toMatchObject({ status: 410 })
  // With a button of the other in a form of one's own.
  const buttons = await w.storage.reads.db.selectFrom('button').select('token').where('tenant', '=', b.tenant).execute()
  for (const { token } of buttons.slice(0, 12)) {
    const { nonce = '' } = formsOf((await here.browser.get(here.address)).html)[0]?.fields ?? {}
    const nothing = await here.browser.post(here.address, { do: 'press', nonce, token })
    expect([nothing.status, nothing.html.includes(b.mark)]).toEqual([200, false])
    expect(nothing.words).toContain('刚刚有变化')
  }
  await w.settle()
  // Whoever asked for a link there has opened it.
  expect(differing(rows, await dumpOf(w.storage.reads, b.tenant), ['case_pass'])).toEqual([])
}

/** What comes for one business to the address of the other is refused, and used up for nobody. */
async function addresses(w: Mirror): Promise<void> {
  const { a, b } = w
  const [mine, theirs] = [await dumpOf(w.storage.reads, a.tenant), await dumpOf(w.storage.reads, b.tenant)]
  const same = async () => [
    ...differing(mine, await dumpOf(w.storage.reads, a.tenant)),
    ...differing(theirs, await dumpOf(w.storage.reads, b.tenant)),
  ]
  // The platform tells of the one at the other's address, in the one's own words.
  w.tellAt(b.shop.program.appid, `${w.url}/hooks/${a.ids.account}`)
  await w.outside.wechat.complain({ appid: b.shop.program.appid, text: '乙家的事' })
  await w.settle()
  expect(await same()).toEqual([])
  // A state of the one with the other's account is no state; and stays good where it belongs.
  const link = await w.api('POST', `/tenants/${b.tenant}/accounts/${b.ids.alipay}/authorization-links`)
  const state = new URL(link.json.plain).searchParams.get('state') ?? ''
  const before = await dumpOf(w.storage.reads, b.tenant)
  const back = async (side: Side, given: string) => {
    const account = await side.api('GET', `/tenants/${side.tenant}/accounts/${side.ids.alipay}`)
    const query = new URLSearchParams({ app_id: account.json.outsideId, app_auth_code: 'a'.repeat(32), state: given })
    const answer = await fetch(`${w.url}/oauth/alipay/${side.ids.alipay}?${query}`)
    return { status: answer.status, html: await answer.text() }
  }
  const never = state.replace(/[A-Za-z0-9]/g, 'A')
  expect(await back(a, state)).toEqual(await back(a, never))
  expect(differing(before, await dumpOf(w.storage.reads, b.tenant))).toEqual([])
  // Where it belongs it is known: the platform is asked, and has no such code.
  expect(await back(b, state)).not.toEqual(await back(b, never))
  // A code of the one, scanned at the other's service account.
  const used = await w.storage.transaction(async (tx) => {
    const wish = { tenant: b.tenant, channel: asId<'channel'>(b.ids.official), label: '扫码的', wants: ['new'] }
    const { code } = await createBindRequest(tx, wish)
    return [
      await useBindRequest(tx, asId(a.ids.official), code),
      (await useBindRequest(tx, asId(b.ids.official), code))?.tenant,
    ]
  })
  expect(used).toEqual([undefined, b.tenant])
  for (const path of [`/bots/${b.bot}`, `/hooks/official/${b.ids.channel}`, `/hooks/${b.ids.channel}`]) {
    const never = path.replace(/_.*/, `_${'0'.repeat(29)}`)
    const [one, other] = [await fetch(w.url + path, { method: 'POST' }), await fetch(w.url + never, { method: 'POST' })]
    expect([path, one.status, await one.text()]).toEqual([path, other.status, await other.text()])
  }
}

test('links, sessions, pictures and callbacks of one business are nothing at the other', {
  timeout: 120_000,
}, async () => {
  const w = await mirror()
  await links(w)
  await sessions(w)
  await addresses(w)
})

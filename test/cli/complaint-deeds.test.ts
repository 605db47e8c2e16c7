import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { describe, expect, onTestFinished, test } from 'vitest'
import { adminKey } from '../support/admin-api.ts'
import { beginnings, deeds, doneAt, type Playing, photo, throughIt } from '../support/deeds.ts'
import { redress } from './support.ts'

async function terminal(w: Playing, url = w.url) {
  const given = { url, key: await adminKey(w.storage), files: { 'p.png': photo.toString('base64') } }
  return (...words: readonly string[]) => redress(given, 'complaint', ...words)
}

describe.each(deeds)('$platform: $act', ({ begin, body, pictured, words, did }) => {
  test('typed, it stands once in the platform’s books', async () => {
    const w = await begin()
    const go = await terminal(w)
    const { exit, out, err } = await go(...words, ...(pictured ? ['--picture', 'p.png'] : []), '--json')
    expect([exit, err]).toEqual([0, ''])
    const made = JSON.parse(out)
    expect(made).toMatchObject({ kind: body.kind, by: { name: 'program', via: 'api' }, pictures: pictured ? 1 : 0 })
    await throughIt(w)
    expect(doneAt(w)).toEqual(did.map((line) => (typeof line === 'string' ? line : expect.stringMatching(line))))
    expect(JSON.parse((await go('actions', '1', made.id, '--json')).out)).toMatchObject({ state: 'done' })
  })
})

describe('what is refused names the fix, ends with 1, and is in nobody’s books', () => {
  test.each([
    ['wechat-mini', ['evidence', '1', '--text', 'x'], /^ {2}kind: open now: respond, refund; /m],
    ['wechat-mini', ['reply', '1', '--text', '您好'], /^ {2}stance: one of agree, refuse/m],
    ['wechat-mini', ['agree', '1'], /^ {2}text: give text, pictures or both$/m],
    ['wechat-mini', ['agree', '1', '--text', 'x', '--if-version', '99'], /^ {2}ifVersion: .*send its version$/m],
    ['wechat-mini', ['refund', '1', '19.91', '--yes'], /^ {2}amount: .*\/refundable/m],
    ['wechat-mini', ['withdraw', '1', 'act_01'], /There is no such action/],
    ['wechat-mini', ['agree', '2', '--text', 'x'], /There is no such complaint/],
    ['wechat-mini', ['claim', '1', '--member', 'wang'], /^ {2}member: .*at least agent$/m],
    ['wechat-pay', ['approve', '1', '--picture', 'p.png'], /^ {2}pictures: leave them out/m],
    ['wechat-pay', ['approve', '1', '--refund', 'all', '--day', '3', '--yes'], /^ {2}refund: leave it out, or day/m],
    ['wechat-pay', ['reject', '1'], /^ {2}text: say why/m],
    ['wechat-pay', ['finish', '1', '--text', '完'], /^ {2}text: at most 0/m],
    ['alipay risk', ['finish', '1'], /^ {2}choice: one of .*ORTHER/m],
    ['alipay trade', ['finish', '1', '--choice', '03'], /^ {2}text: /m],
    ['alipay trade', ['evidence', '1', '--text', 'x'], /^ {2}kind: open now: respond, refund, finish; /m],
  ] as const)('%s %j', async (platform, words, said) => {
    const w = await beginnings[platform]()
    const { exit, out, err } = await (await terminal(w))(...words)
    expect([exit, out, err]).toEqual([1, '', expect.stringMatching(said)])
    await w.pass(60_000, 30_000)
    expect(doneAt(w)).toEqual([])
  })

  test.each([
    [['refund', '1', '5'], '--yes'],
    [['refund', '1', 'much', '--yes'], 'much is no amount'],
    [['refund', '1', '0', '--yes'], '0 is no amount'],
    [['refund', '1', '19.999', '--yes'], '19.999 is no amount'],
    [['approve', '1', '--refund', 'all'], '--yes'],
    [['approve', '1', '--reason', '退款'], '--reason: only with --refund'],
    [['approve', '1', '--day', '0'], '--day'],
    [['agree', '1', '--picture', 'nowhere.png', '--text', 'x'], 'nowhere.png cannot be read'],
  ] as const)('wrong usage ends with 2: %j', async (words, said) => {
    const w = await beginnings['wechat-pay']()
    const given = { url: w.url, key: await adminKey(w.storage) }
    const bytes = () => Promise.reject(new Error('ENOENT'))
    const { exit, out, err } = await redress({ ...given, bytes }, 'complaint', ...words)
    expect([exit, out, err]).toEqual([2, '', expect.stringContaining(said)])
    expect(doneAt(w)).toEqual([])
  })
})

/** Before the service: hears it, and loses what it says about this. */
async function losing(url: string, on: RegExp): Promise<{ readonly url: string; lose(times: number): void }> {
  let left = 0
  const server = createServer(async (request, response) => {
    const body = await new Response(request as unknown as ReadableStream).arrayBuffer()
    const headers = Object.entries(request.headers).flatMap(([name, value]) =>
      typeof value === 'string' && !['host', 'connection', 'content-length'].includes(name) ? [[name, value]] : [],
    )
    const sent = { method: request.method ?? 'GET', headers: Object.fromEntries(headers) }
    const answer = await fetch(url + request.url, { ...sent, ...(body.byteLength > 0 ? { body } : {}) })
    const said = await answer.text()
    const lost = request.method === 'POST' && on.test(request.url ?? '') && left-- > 0
    if (lost) return void request.socket.destroy()
    response.writeHead(answer.status, { 'content-type': 'application/json', connection: 'close' }).end(said)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => void server.close())
  const lose = (times: number) => {
    left = times
  }
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, lose }
}

test('where an answer is lost it is said how to ask again, and the money goes once', async () => {
  const w = await beginnings['wechat-pay']()
  const between = await losing(w.url, /\/actions$/)
  const go = await terminal(w, between.url)
  between.lose(1)
  const lost = await go('refund', '1', 'all', '--yes')
  expect(lost.exit).toBe(69)
  const [, key = '', much = ''] = /again with --key (\S+), and (\S+) in place of all/.exec(lost.err) ?? []
  expect(much).toBe('19.90')
  const again = await go('refund', '1', much, '--yes', '--key', key, '--json')
  expect([again.exit, JSON.parse(again.out).amount]).toEqual([0, 1990])
  await throughIt(w)
  expect(doneAt(w)).toEqual(['refund 1990', 'refund-success 1990'])
})

test('a refund that has not gone out is taken back by its id', async () => {
  const w = await beginnings['wechat-pay']()
  const go = await terminal(w)
  await go('refund', '1', '5', '--yes')
  await w.pass(20_000, 5_000)
  const [refund] = w.pay?.sandbox.refunds() ?? []
  await w.pay?.sandbox.endRefund(refund?.mchid ?? '', refund?.outRefundNo ?? '', 'SUCCESS').catch(() => {})
  await w.pass(20_000, 5_000)
  // The platform takes the second part of an order a minute after the first.
  const { id, state } = JSON.parse((await go('refund', '1', '7', '--yes', '--json')).out)
  expect(state).toBe('requested')
  expect((await go('withdraw', '1', id)).out).toMatch(/STATE +withdrawn/)
  await throughIt(w)
  expect(doneAt(w)).toEqual(['refund 500', 'refund-success 500'])
})

import { afterEach, beforeEach, expect, test } from 'vitest'
import { openWorld, phone, type World } from './sms-world.ts'

let w: World
beforeEach(async () => {
  w = await openWorld()
})
afterEach(() => w.close())

const view = async (lang = 'zh') =>
  ((await (await w.get(`/sandbox/view?lang=${lang}`)).json()) as { html: string }).html

test('the log: what phones get, escaped, and what was refused, the newest first', async () => {
  await w.send({ TemplateParamSet: ['3', '<b>&', '7', '18:30'] })
  await w.code({ SignName: 'x' })
  const html = await view()
  expect(html).toContain('尾号7），最早截止18:30')
  expect(html).toContain('&lt;b&gt;&amp;')
  expect(html).toContain('发送中')
  expect(html.indexOf('被拒绝')).toBeLessThan(html.indexOf('发送中'))
  expect(html).toContain('FailedOperation.SignatureIncorrectOrUnapproved')
  await w.pass(3000)
  expect(await view('en')).toContain('delivered')
})

test('the page in both languages; its button makes the next number be refused', async () => {
  const page = await (await w.get('/sandbox/')).text()
  expect(page).toContain('扮演腾讯云短信')
  expect(page).not.toMatch(/<script>|\son\w+=|\sstyle=/)
  expect(await (await w.get('/sandbox/?lang=en')).text()).toContain('SMS log')
  const [, body = ''] = /data-path="misbehave" data-body="([^"]+)"/.exec(page) ?? []
  await w.post('/sandbox/api/misbehave', JSON.parse(body.replaceAll('&quot;', '"')))
  expect([await w.code(), await w.code()]).toEqual(['LimitExceeded.PhoneNumberDailyLimit', 'Ok'])
  for (const file of ['page.js', 'page.css', 'api/messages', 'api/ledger', 'api/calls'])
    expect([file, (await w.get(`/sandbox/${file}`)).status]).toEqual([file, 200])
  expect((await w.get('/sandbox/nothing')).status).toBe(404)
})

test('rules, phones and the time by JSON; secrets are in no list', async () => {
  await w.post('/sandbox/api/rules', { perDay: 1, regions: ['ap-guangzhou'] })
  expect([await w.code(), await w.code()]).toEqual(['Ok', 'LimitExceeded.PhoneNumberDailyLimit'])
  await w.post('/sandbox/api/phone', { number: phone, state: 'off' })
  await w.post('/sandbox/api/advance', { now: w.clock.now() + 3000 })
  expect(w.sms.messages()[0]?.state).toBe('failed')
  expect((await w.post('/sandbox/api/rules', { regions: 'all' })).error).toContain('regions: must be like')
  expect((await w.post('/sandbox/api/phone', { number: phone, state: 'lost' })).error).toContain('lost is none of')
  for (const list of ['ledger', 'calls', 'messages'])
    expect(await (await w.get(`/sandbox/api/${list}`)).text()).not.toContain('secretkey-example')
})

import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { type Line, letter, openWorld, plainLine, user, type World } from './mail-world.ts'

// Each misbehaviour is seen to happen; whether the mail arrived is read from the boxes (replies: notifications.md §2.3).
let w: World
let line: Line
beforeEach(async () => {
  w = await openWorld()
  line = await w.inside()
})
afterEach(() => w.close())

const arrived = () => w.mail.mails().length

test.each([
  ['auth', 'wrong-code', /^535 Error: authentication failed/],
  ['auth', 'no-permission', /^550 User has no permission/],
] as const)('%s refused once as %s', async (on, as, said) => {
  w.mail.misbehave({ on, how: 'refused', as })
  const other = await w.dial()
  expect(await other.login()).toMatch(said)
  expect(await other.login()).toMatch(/^235/)
})

test.each([
  ['from', 'MI:SFQ', /^451 MI:SFQ 163 smtp10,/],
  ['to', 'no-such-user', /^550 User not found$/],
  ['to', 'DT:RBL', /^450 DT:RBL 163 /],
  ['data', 'DT:SPM', /^554 DT:SPM 163 smtp10,\S+ http:\/\/mail\.163\.com\/help\/help_spam_16\.htm/],
  ['data', 'DT:SPM-soft', /^451 DT:SPM 163 /],
] as const)('%s refused once as %s: no mail, the next one goes', async (on, as, said) => {
  const handle = w.mail.misbehave({ on, how: 'refused', as })
  expect(await line.send()).toMatch(said)
  expect([handle.happened, handle.left, arrived()]).toEqual([1, 0, 0])
  expect(await line.send()).toMatch(/^250/)
  expect(arrived()).toBe(1)
})

test('any reply, as often as asked, for one receiver only; delivered although refused', async () => {
  w.mail.misbehave({ on: 'data', how: 'reply', code: 451, text: 'try later', effect: true, times: 2, to: 'b@x.cn' })
  expect(await line.send({ to: ['a@x.cn'] })).toMatch(/^250/)
  expect(await line.send({ to: ['a@x.cn', 'b@x.cn'] })).toBe('451 try later')
  expect(await line.send({ to: ['b@x.cn'] })).toBe('451 try later')
  expect(await line.send({ to: ['b@x.cn'] })).toMatch(/^250/)
  expect(arrived()).toBe(4)
  expect(w.mail.steps().filter(({ how }) => how === 'reply')).toMatchObject([
    { code: 451, mail: 2 },
    { code: 451, mail: 3 },
  ])
})

test('421 at the greeting closes the connection', async () => {
  w.mail.misbehave({ on: 'connect', how: 'refused', as: 'HL:REP' })
  const other = plainLine(w.smtp, w.mail.certificate)
  expect(await other.reply()).toMatch(/^421 .*HL:REP 163 /)
  expect(await other.reply()).toBe('gone')
})

test('hang before DATA: the answer to RCPT comes only at the release', async () => {
  const handle = w.mail.misbehave({ on: 'to', how: 'hang' })
  const sent = line.send()
  await vi.waitFor(() => expect(handle.waiting).toBe(1))
  handle.release()
  expect(await sent).toMatch(/^250/)
})

test('hang after DATA: with the effect it is delivered and nobody knows; without, a client that left has sent nothing', async () => {
  const known = w.mail.misbehave({ on: 'data', how: 'hang', effect: true })
  void line.send()
  await vi.waitFor(() => expect([known.waiting, arrived()]).toEqual([1, 1]))
  line.close()
  const unknown = w.mail.misbehave({ on: 'data', how: 'hang' })
  const other = await w.inside()
  void other.send()
  await vi.waitFor(() => expect(unknown.waiting).toBe(1))
  other.close()
  const third = await w.inside()
  const waits = w.mail.misbehave({ on: 'data', how: 'hang' })
  const sent = third.send()
  await vi.waitFor(() => expect(waits.waiting).toBe(1))
  unknown.release()
  waits.release()
  expect(await sent).toMatch(/^250/)
  expect(arrived()).toBe(2)
})

test('hang at the greeting', async () => {
  const handle = w.mail.misbehave({ on: 'connect', how: 'hang' })
  const other = plainLine(w.smtp, w.mail.certificate)
  const greeted = other.reply()
  await vi.waitFor(() => expect(handle.waiting).toBe(1))
  handle.release()
  expect(await greeted).toMatch(/^220 smtp\.163\.com/)
  other.close()
})

test('slow: the answer waits for the clock', async () => {
  const handle = w.mail.misbehave({ on: 'data', how: 'slow', ms: 61_000 })
  const sent = line.send()
  await vi.waitFor(() => expect(handle.happened).toBe(1))
  expect(arrived()).toBe(0)
  w.clock.advance(61_000)
  expect(await sent).toMatch(/^250/)
})

test.each([
  [false, 0],
  [true, 1],
])('the connection breaks instead of the answer; delivered %s', async (effect, count) => {
  w.mail.misbehave({ on: 'data', how: 'cut', effect, account: user })
  expect(await line.send()).toBe('gone')
  expect(arrived()).toBe(count)
  expect(w.mail.steps().at(-1)).toMatchObject({ on: 'data', code: 0, how: 'cut' })
})

test('the connection breaks at the login and at RCPT', async () => {
  w.mail.misbehave({ on: 'auth', how: 'cut' })
  expect(await (await w.dial()).login()).toBe('gone')
  w.mail.misbehave({ on: 'to', how: 'cut' })
  expect(await line.send({ text: letter() })).toBe('gone')
})

test('by JSON: set, listed, released; nonsense is refused with a reason', async () => {
  expect(await w.post('/sandbox/api/misbehave', { on: 'data', how: 'hang' })).toEqual({ id: 1 })
  const sent = line.send()
  await vi.waitFor(async () =>
    expect(await (await w.get('/sandbox/api/misbehave')).json()).toMatchObject([{ id: 1, waiting: 1 }]),
  )
  expect(await w.post('/sandbox/api/misbehave/1/release', {})).toEqual({ done: true })
  expect(await sent).toMatch(/^250/)
  const why = async (body: object) => (await w.post('/sandbox/api/misbehave', body)).error
  expect(await why({ on: 'nowhere', how: 'hang' })).toContain('nowhere is none of')
  expect(await why({ on: 'data', how: 'malformed' })).toContain('malformed is none of')
  expect(await why({ on: 'data', how: 'refused', as: 'XX' })).toContain('XX is none of')
  expect(await why({ on: 'data', how: 'reply', code: 451 })).toBe('reply needs a code and a text')
  expect(await why({ on: 'data', how: 'slow' })).toBe('slow needs the number ms')
})

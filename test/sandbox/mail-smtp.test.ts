import { createTransport } from 'nodemailer'
import { afterEach, expect, test } from 'vitest'
import { code, letter, openWorld, start, user, type World } from './mail-world.ts'

// The rules of 163, seen over literal lines (notifications.md §2.2, §2.3).
let w: World
afterEach(() => w.close())

test('TLS from the first byte, the code logs in, the mail lies in the box of its receiver', async () => {
  w = await openWorld()
  const line = await w.inside()
  expect(await line.send({ to: ['boss@example.com', 'Second@Example.com'] })).toMatch(
    new RegExp(`^250 Mail OK queued as smtp10,[\\w-]+,${start / 1000}$`),
  )
  expect(w.mail.mails()).toMatchObject([
    { account: user, sender: user, receivers: ['boss@example.com', 'second@example.com'], secure: true, at: start },
  ])
  expect(w.mail.steps().map(({ on, code: said }) => [on, said])).toEqual([
    ['connect', 250],
    ['auth', 235],
    ['from', 250],
    ['to', 250],
    ['to', 250],
    ['data', 250],
  ])
  expect(w.mail.steps().at(-1)?.mail).toBe(1)
})

test('without TLS a login is taken and noted as plain; STARTTLS makes it secure', async () => {
  w = await openWorld()
  const plain = await w.dial('plain')
  expect(await plain.login()).toMatch(/^235/)
  await plain.send()
  const line = await w.dial('plain')
  expect(await line.ask('EHLO test.invalid')).toContain('STARTTLS')
  expect(await line.ask('STARTTLS')).toMatch(/^220/)
  await line.upgrade()
  expect(await line.login()).toMatch(/^235/)
  await line.send()
  expect(w.mail.mails().map(({ secure }) => secure)).toEqual([false, true])
})

test('who has not logged in cannot send', async () => {
  w = await openWorld()
  const line = await w.dial()
  await line.ask('EHLO test.invalid')
  expect(await line.ask(`MAIL FROM:<${user}>`)).toMatch(/^5\d\d/)
  expect(w.mail.mails()).toEqual([])
})

test('a wrong code is 535, and after some of them even the right one is 451 for a while', async () => {
  w = await openWorld({ wrongLogins: 2, blockMs: 1_800_000 })
  const line = await w.dial()
  expect(await line.login({ code: 'login password' })).toBe('535 Error: authentication failed')
  expect(await line.login({ user: 'nobody@163.com' })).toMatch(/^535 /)
  expect(await line.login({ code: 'wrong' })).toMatch(/^535 /)
  expect(await line.login()).toMatch(/^451 Error: too much fail authentication/)
  w.clock.advance(1_800_000)
  expect(await line.login()).toMatch(/^235/)
})

test.each([
  ['SMTP not switched on', { state: 'no-smtp' }, '550 User has no permission'],
  ['frozen', { state: 'suspended' }, '550 User suspended'],
  ['code expired', { codeUntil: start }, '535 Error: authentication failed'],
] as const)('an account that is not well: %s', async (_, more, said) => {
  w = await openWorld()
  w.mail.account({ user, code, ...more })
  expect(await (await w.dial()).login()).toBe(said)
})

test('From must be the account: in the envelope and in the header', async () => {
  w = await openWorld()
  const line = await w.inside()
  const no = '553 Mail from must equal authorized user'
  expect(await line.send({ from: 'other@163.com' })).toBe(no)
  expect(await line.send({ text: letter({ from: 'other@163.com' }) })).toBe(no)
  expect(w.mail.mails()).toEqual([])
  w.mail.setRules({ headerFromToo: false })
  expect(await line.send({ text: letter({ from: 'other@163.com' }) })).toMatch(/^250/)
})

test('a receiver that does not exist is refused alone; the others have their mail', async () => {
  w = await openWorld()
  w.mail.receiver('Gone@example.com', false)
  const sending = createTransport({
    host: '127.0.0.1',
    port: w.smtps,
    secure: true,
    auth: { user, pass: code },
    tls: { ca: w.mail.certificate, servername: 'smtp.163.com' },
  })
  const told = await sending.sendMail({ from: user, to: ['gone@example.com', 'boss@example.com'], text: 'x' })
  expect([told.accepted, told.rejected]).toEqual([['boss@example.com'], ['gone@example.com']])
  expect(w.mail.mails()[0]?.receivers).toEqual(['boss@example.com'])
  expect(w.mail.steps().find(({ value }) => value === 'gone@example.com')).toMatchObject({
    code: 550,
    text: 'User not found',
  })
})

test('the certificate is good for the names it was made for, and for no other', async () => {
  w = await openWorld()
  const verify = (servername: string) =>
    createTransport({ host: '127.0.0.1', port: w.smtps, secure: true, tls: { ca: w.mail.certificate, servername } })
  await expect(verify('smtp.163.com').verify()).resolves.toBe(true)
  await expect(verify('smtp.qq.com').verify()).rejects.toThrow(/altnames/)
})

const limited: readonly (readonly [string, Parameters<typeof openWorld>[0], string])[] = [
  ['mails in 15 minutes', { mailsPer15Minutes: 1 }, '451 MI:SFQ'],
  ['mails of a connection', { mailsPerConnection: 1 }, '450 MI:DMC'],
  ['receivers of a connection', { receiversPerConnection: 1 }, '450 RP:DRC'],
  ['receivers in an hour', { receiversPerHour: 1 }, '451 RP:QRC'],
  ['receivers of a day', { receiversPerDay: 1 }, '550 RP:TRC'],
]
test.each(limited)('too many %s', async (_, rules, no) => {
  w = await openWorld(rules)
  const line = await w.inside()
  expect(await line.send()).toMatch(/^250/)
  const said = await line.send()
  expect(said).toContain(`${no} 163 smtp10,`)
  expect(said).toMatch(/http:\/\/mail\.163\.com\/help\/\S+\?ip=\S+&hostid=smtp10&time=\d+$/)
  expect(w.mail.mails()).toHaveLength(1)
})

test('the windows pass: a quarter of an hour for mails, another connection, an hour and a day for receivers', async () => {
  w = await openWorld({ mailsPer15Minutes: 1, mailsPerConnection: 2, receiversPerHour: 2, receiversPerDay: 3 })
  const line = await w.inside()
  expect(await line.send()).toMatch(/^250/)
  expect(await line.send()).toContain('MI:SFQ')
  w.clock.advance(15 * 60_000)
  expect(await line.send()).toMatch(/^250/)
  w.clock.advance(15 * 60_000)
  expect(await line.send()).toContain('MI:DMC')
  const other = await w.inside()
  expect(await other.send()).toContain('RP:QRC')
  w.clock.advance(30 * 60_000)
  expect(await other.send()).toMatch(/^250/)
  w.clock.advance(15 * 60_000)
  expect(await other.send()).toContain('RP:TRC')
  w.clock.advance(86_400_000)
  expect(await other.send()).toMatch(/^250/)
})

test('too many receivers in one mail, connections of a day, connections at once', async () => {
  w = await openWorld({ receiversPerMail: 2, connectionsPerDay: 2 })
  const line = await w.inside()
  expect(await line.send({ to: ['a@x.cn', 'b@x.cn', 'c@x.cn'] })).toContain('550 RP:RCL')
  expect(await (await w.dial()).login()).toMatch(/^235/)
  expect(await (await w.dial()).login()).toContain('554 MI:STC')
  w.mail.setRules({ connectionsAtOnce: 3 })
  const refused = await w.dial()
  expect(await refused.reply()).toBe('gone')
  expect(w.mail.steps().at(-1)).toMatchObject({ on: 'connect', code: 421, text: expect.stringContaining('HL:ICC') })
  line.close()
  await expect.poll(async () => (await w.dial()).login()).toContain('554 MI:STC')
})

test('the same text again and again is spam; a mail over the size is 552', async () => {
  w = await openWorld({ sameText: 1, maxBytes: 2000 })
  const line = await w.inside()
  expect(await line.send({ text: letter({ text: 'same' }) })).toMatch(/^250/)
  expect(await line.send({ text: letter({ text: 'same', subject: 'Other' }) })).toMatch(
    /^554 DT:SPM 163 smtp10,\S+ http:\/\/mail\.163\.com\/help\/help_spam_16\.htm\?ip=/,
  )
  expect(await line.send({ text: letter({ text: 'other' }) })).toMatch(/^250/)
  expect(await line.send({ text: letter({ text: 'x'.repeat(2000) }) })).toMatch(/^552 /)
  expect(w.mail.mails()).toHaveLength(2)
})

test('greylisting: a receiver never written to before is put off, and taken later', async () => {
  w = await openWorld({ greylistMs: 300_000 })
  const line = await w.inside()
  expect(await line.send()).toBe('450 Greylisted, please try again later')
  w.clock.advance(299_999)
  expect(await line.send()).toMatch(/^450/)
  w.clock.advance(1)
  expect(await line.send()).toMatch(/^250/)
  expect(await line.send({ to: ['new@example.com'] })).toMatch(/^450/)
})

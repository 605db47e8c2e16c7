import { describe, expect, test } from 'vitest'
import type { Misbehaviour, RefusalName } from '../../sandbox/mail/index.ts'
import { silent } from '../../src/core/logger.ts'
import { createReach } from '../../src/core/reach.ts'
import { Secret } from '../../src/core/seal.ts'
import { asId, instant } from '../../src/core/words.ts'
import { emailKind } from '../../src/notify/email/index.ts'
import { meaningOf } from '../../src/notify/email/replies.ts'
import { checkEmail, emailLimits, serverOf } from '../../src/notify/email/settings.ts'
import type { Message, Sent } from '../../src/notify/kind.ts'
import { letterOf } from '../../src/notify/letter.ts'
import { both, untilTomorrow } from '../../src/notify/texts.ts'
import type { StoredChannel } from '../../src/storage/channels.ts'
import { code, given, mailbox, playChannels } from '../support/channels.ts'
import { noon, sqlite } from '../support/databases.ts'
import { reader, told } from './told.ts'

const minute = 60_000
const to = 'li@example.com'
const message = (more: Partial<Message> = {}): Message => ({
  key: asId('dlv_1'),
  complaint: asId('cmp_1'),
  letter: letterOf({ complaints: [told()], notices: [] }, reader),
  tries: 0,
  ...more,
})

async function stage({ timeout = 3_000 } = {}) {
  const outside = await playChannels({ timeout })
  const { database } = await sqlite.open()
  const [kind] = outside.kindsOn(database)
  if (!kind) throw new Error('no kind')
  const { settings } = given(outside).email
  const channel = (more: Readonly<Record<string, unknown>> = {}, password: string = code): StoredChannel => ({
    ...{ id: asId('chn_1'), tenant: asId('ten_1'), kind: 'email', name: 'mail', enabled: true, failures: 0 },
    ...{ secretsAt: instant(noon), endingSaid: false },
    settings: { ...settings, ...more },
    secrets: { password: new Secret(password) },
  })
  return { outside, kind, channel, mail: outside.mail, database }
}

const short = (sent: Sent) =>
  sent.outcome === 'failed'
    ? [sent.blames, sent.again === undefined ? undefined : Math.round(sent.again / minute)]
    : sent.outcome

test('a server that repeats the login in its refusal is not repeated', async () => {
  const { kind, channel, mail } = await stage()
  const login = Buffer.from(`\0${mailbox}\0${code}`).toString('base64')
  for (const on of ['auth', 'to', 'data'] as const) {
    mail.misbehave({ on, how: 'reply', code: 550, text: `denied: AUTH PLAIN ${login} ${code}` })
    const sent = await kind.send(channel(), to, message())
    expect([on, sent.outcome]).toEqual([on, 'failed'])
    expect(JSON.stringify(sent)).toContain('denied: AUTH PLAIN')
    expect(JSON.stringify(sent)).not.toContain(code)
    expect(JSON.stringify(sent)).not.toContain(login)
  }
})

test('a letter is what the receiver sees: names, thread, no answers wanted, nothing added by what people wrote', async () => {
  const { kind, channel, mail } = await stage()
  const letter = letterOf({ complaints: [told({ account: '店\r\nBcc: x@example.com' })], notices: [] }, reader)
  const from = channel({ fromName: '客服', replyTo: 'boss@example.com' })
  expect(await kind.send(from, to, message({ letter }))).toMatchObject({ outcome: 'sent' })
  const [got] = mail.mails()
  expect(got?.from).toBe(`客服 <${mailbox}>`)
  expect(got?.secure).toBe(true)
  expect(got?.receivers).toEqual([to])
  expect(got?.references).toEqual([expect.stringMatching(/^<c\.[0-9a-f]{12}\.cmp_1@163\.com>$/)])
  expect(got?.inReplyTo).toBe(got?.references[0])
  expect(got?.messageId).toMatch(/^<dlv_1\.[0-9a-f]{12}@163\.com>$/)
  const headers = new Map(got?.headers.map(([name, value]) => [name.toLowerCase(), value]))
  expect([headers.get('auto-submitted'), headers.get('reply-to'), headers.has('bcc')]).toEqual([
    'auto-generated',
    'boss@example.com',
    false,
  ])
  // Tried again it is the same letter; for another it is another, in the same thread.
  await kind.send(from, to, message({ letter, tries: 1 }))
  await kind.send(from, 'chen@example.com', message({ letter }))
  const ids = mail.mails().map(({ messageId }) => messageId)
  expect([ids[0] === ids[1], ids[0] === ids[2]]).toEqual([true, false])
  expect(new Set(mail.mails().map(({ references }) => references[0])).size).toBe(1)
  // One connection served them all.
  expect(new Set(mail.steps().map(({ connection }) => connection)).size).toBe(1)
})

test('by STARTTLS, and never without it', async () => {
  const { outside, kind, channel, mail } = await stage()
  const starttls = channel({ port: outside.served.mail.smtp, protection: 'starttls' })
  expect(await kind.send(starttls, to, message())).toMatchObject({ outcome: 'sent' })
  expect(mail.mails().map(({ secure }) => secure)).toEqual([true])
  // A server whose certificate nobody vouches for is not trusted with a password.
  const { reads } = (await sqlite.open()).database
  const reach = createReach(['127.0.0.1'])
  const strict = emailKind({ clock: reads.clock, logger: silent, timeout: 3_000, reach })
  const refused = await strict.send(starttls, to, message())
  expect(short(refused)).toEqual(['channel', undefined])
  expect(mail.steps().filter(({ on }) => on === 'auth').length).toBe(1)
  await strict.close()
})

const tomorrow = Math.round(untilTomorrow(noon) / minute)
test.each<[RefusalName, Misbehaviour['on'], ReturnType<typeof short>]>([
  ['wrong-code', 'auth', ['credentials', undefined]],
  ['too-many-logins', 'auth', ['channel', 30]],
  ['no-permission', 'auth', ['credentials', undefined]],
  ['suspended', 'auth', ['credentials', undefined]],
  ['not-the-account', 'from', ['credentials', undefined]],
  ['no-such-user', 'to', ['recipient', undefined]],
  ['greylisted', 'to', ['message', 5]],
  ['DT:SPM', 'data', ['message', 10]],
  ['DT:SPM-soft', 'data', ['message', 2]],
  ['MI:SFQ', 'data', ['channel', 15]],
  ['MI:DMC', 'from', ['channel', 1]],
  ['RP:DRC', 'to', ['channel', 1]],
  ['RP:QRC', 'to', ['channel', 60]],
  ['RP:TRC', 'to', ['channel', tomorrow]],
  ['RP:RCL', 'to', ['message', undefined]],
  ['MI:STC', 'from', ['channel', tomorrow]],
  ['HL:REP', 'connect', ['channel', 15]],
  ['DT:RBL', 'to', ['channel', 15]],
  ['too-big', 'data', ['message', undefined]],
])('%s at %s', async (as, on, means) => {
  const { kind, channel, mail } = await stage()
  mail.misbehave({ on, how: 'refused', as })
  const sent = await kind.send(channel(), to, message())
  expect(short(sent)).toEqual(means)
  if (sent.outcome === 'sent') return
  // In both languages, without the link that they add, and without the receiver.
  expect(sent.why).toMatch(/[\p{Script=Han}].* \| \w/u)
  expect(sent.why).not.toMatch(/https?:|li@example/)
  expect(mail.mails()).toEqual([])
  // Nothing is left over for the next.
  expect(await kind.send(channel(), to, message())).toMatchObject({ outcome: 'sent' })
})

describe('a server that says nothing', () => {
  test.each<[Misbehaviour['on'], Sent['outcome']]>([
    ['connect', 'failed'],
    ['auth', 'failed'],
    ['from', 'failed'],
    ['to', 'failed'],
    ['data', 'unknown'],
  ])('at %s: %s', async (on, outcome) => {
    const { kind, channel, mail } = await stage({ timeout: 300 })
    const hung = mail.misbehave({ on, how: 'hang', effect: on === 'data' })
    const sent = await kind.send(channel(), to, message())
    expect(sent.outcome).toBe(outcome)
    if (sent.outcome === 'failed') expect(sent.blames).toBe('channel')
    expect(mail.mails().length).toBe(outcome === 'unknown' ? 1 : 0)
    hung.release()
    expect(await kind.send(channel(), to, message({ key: asId('dlv_2') }))).toMatchObject({ outcome: 'sent' })
  })
  test.each([true, false])('but breaks off, the letter taken: %s; it is not sent twice by itself', async (effect) => {
    const { kind, channel, mail } = await stage()
    mail.misbehave({ on: 'data', how: 'cut', effect })
    expect((await kind.send(channel(), to, message())).outcome).toBe('unknown')
    expect(mail.mails().length).toBe(effect ? 1 : 0)
  })
  test('nobody there', async () => {
    const { outside, kind, channel } = await stage()
    await outside.served.mail.close()
    expect(short(await kind.send(channel(), to, message()))).toEqual(['channel', undefined])
  })
})

test('taken for spam for good: once more, as text alone and under another subject, and never again', async () => {
  const { kind, channel, mail } = await stage()
  mail.misbehave({ on: 'data', how: 'refused', as: 'DT:SPM', times: 2 })
  const first = await kind.send(channel(), to, message())
  if (first.outcome !== 'failed') throw new Error('it was taken')
  const second = await kind.send(channel(), to, message({ tries: 1, error: first.why }))
  expect(short(second)).toEqual(['message', undefined])
  await kind.send(channel(), to, message({ tries: 1, error: first.why }))
  const [plain] = mail.mails()
  expect([plain?.html, plain?.subject === message().letter.subject]).toEqual([undefined, false])
})

test('another password is another connection', async () => {
  const { kind, channel, mail } = await stage()
  expect(short(await kind.send(channel({}, 'wrong'), to, message()))).toEqual(['credentials', undefined])
  expect(await kind.send(channel(), to, message())).toMatchObject({ outcome: 'sent' })
  expect(short(await kind.send(channel({}, 'wrong'), to, message()))).toEqual(['credentials', undefined])
  expect(mail.mails().length).toBe(1)
})

test('what the library says is understood without a server, too', () => {
  const means = (error: Partial<Parameters<typeof meaningOf>[0]>) =>
    short(meaningOf({ message: 'x', ...error }, { tries: 0, now: noon, handed: false }))
  expect(means({ code: 'EDNS' })).toEqual(['channel', undefined])
  expect(means({ code: 'ENOAUTH' })).toEqual(['credentials', undefined])
  expect(means({ responseCode: 550, response: '550 5.7.30 Basic authentication is not supported' })).toEqual([
    'credentials',
    undefined,
  ])
  expect(means({ responseCode: 501, response: '501 mail from address must be same as authorization user' })).toEqual([
    'credentials',
    undefined,
  ])
  expect(means({ responseCode: 554, response: '554 refused', permanent: true })).toEqual(['message', undefined])
  expect(means({ responseCode: 452, response: '452 later', permanent: false })).toEqual(['message', 2])
  expect(both('一', 'one')).toBe('一 | one')
})

describe('settings', () => {
  test('a preset is a server; what is given wins over it', () => {
    expect(serverOf({ preset: '163' })).toEqual({ host: 'smtp.163.com', port: 465, protection: 'tls' })
    expect(serverOf({ preset: 'outlook365' })).toEqual({
      host: 'smtp.office365.com',
      port: 587,
      protection: 'starttls',
    })
    expect(serverOf({ host: 'smtp.example.com' })).toEqual({ host: 'smtp.example.com', port: 465, protection: 'tls' })
    expect(serverOf({ host: 'smtp.example.com', port: 587 })).toMatchObject({ port: 587, protection: 'starttls' })
    expect(serverOf({ host: 'smtp.example.com', protection: 'starttls' })).toMatchObject({ port: 587 })
    expect(serverOf({ preset: '163', port: 994 })).toMatchObject({ port: 994, protection: 'tls' })
  })
  test('limits are those of a free mailbox until somebody says otherwise', () => {
    const usual = { gap: 6_000, perHour: 40, perDay: 150, merge: 120_000, dayBegins: 0 }
    expect(emailLimits({ preset: '163', user: mailbox })).toEqual(usual)
    const mine = { gapSeconds: 1, perHour: 500, perDay: 5_000, mergeSeconds: 0 }
    expect(emailLimits({ preset: '163', user: mailbox, ...mine })).toEqual({
      ...usual,
      gap: 1_000,
      perHour: 500,
      perDay: 5_000,
      merge: 0,
    })
  })
  test('the demo’s own server may be spoken to in the clear, no other', () => {
    const check = (host: string) => () =>
      checkEmail(
        { settings: { user: mailbox, host, port: 2525, protection: 'none' }, secrets: { password: 'x' } },
        createReach(['127.0.0.1']),
      )
    expect(check('127.0.0.1')).not.toThrow()
    expect(check('127.0.0.1.example.com')).toThrow('in the clear')
  })
})

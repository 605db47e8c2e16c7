import { describe, expect, test } from 'vitest'
import { OutsideError } from '../../src/core/errors.ts'
import { Secret } from '../../src/core/seal.ts'
import { asId, instant } from '../../src/core/words.ts'
import type { Message, Sent } from '../../src/notify/kind.ts'
import { type FieldName, letterOf } from '../../src/notify/letter.ts'
import { officialCodes, refusalOf, troubleOf } from '../../src/notify/official-account/errors.ts'
import { dataOf, fitted } from '../../src/notify/official-account/fields.ts'
import { withExactNumbers } from '../../src/notify/official-account/finish.ts'
import { misfits } from '../../src/notify/official-account/template.ts'
import type { StoredChannel } from '../../src/storage/channels.ts'
import { tokenStore } from '../../src/storage/tokens.ts'
import { appid, given, playChannels } from '../support/channels.ts'
import { noon, sqlite } from '../support/databases.ts'
import { complaint, reader, told } from './told.ts'

async function stage() {
  const outside = await playChannels()
  const { database } = await sqlite.open()
  const kind = outside.kindsOn(database).find((each) => each.kind === 'official-account')
  if (!kind) throw new Error('no kind')
  const { settings, secrets } = given(outside)['official-account']
  const channel: StoredChannel = {
    ...{
      id: asId('chn_1'),
      tenant: asId('ten_1'),
      kind: 'official-account',
      name: '服务号',
      enabled: true,
      failures: 0,
      secretsAt: instant(noon),
      endingSaid: false,
    },
    settings,
    secrets: Object.fromEntries(Object.entries(secrets).map(([name, text]) => [name, new Secret(text)])),
  }
  const { openid } = outside.official.person(appid, '小李')
  outside.official.follow(openid)
  return { kind, channel, official: outside.official, openid, database }
}
const message = (more: Parameters<typeof told>[0] = {}): Message => ({
  key: asId('dlv_1'),
  letter: letterOf({ complaints: [told(more)], notices: [] }, reader),
  tries: 0,
})
const short = (sent: Sent) => (sent.outcome === 'failed' ? sent.blames : sent.outcome)

test('a message is shown in the template; the same again is shown once; the token is kept, sealed', async () => {
  const { kind, channel, official, openid, database } = await stage()
  expect(await kind.send(channel, openid, message())).toMatchObject({ outcome: 'sent' })
  expect(await kind.send(channel, openid, message())).toMatchObject({ outcome: 'sent' })
  const shown = official.shown(openid).filter((one) => one.kind === 'template')
  expect(shown.map(({ lines }) => lines)).toEqual([
    [
      ['编号', '#128'],
      ['原因', '未收到商品'],
      ['截止', '2026-03-01 23:00'],
      ['金额', '¥19.90'],
      ['状态', '待我方处理'],
    ],
  ])
  expect(official.calls().filter(({ on }) => on === 'token').length).toBe(1)
  const kept = await tokenStore(database).read(asId('chn_1'))
  expect(kept?.fence).toBe(1)
  const rows = await database.reads.db.selectFrom('token').selectAll().execute()
  expect(JSON.stringify(rows)).not.toContain(kept?.value.reveal())
})

test('whatever people write, every keyword holds what its kind takes', async () => {
  const { kind, channel, official, openid } = await stage()
  const wild = '一\n二 <b>&"\'三😀'.repeat(30)
  for (const [n, said] of [wild, '', '😀'.repeat(50), 'x'.repeat(500)].entries()) {
    const odd = complaint({ reason: said, label: said, moves: [] })
    const { amountShown: _, ...without } = odd
    const sent = await kind.send(channel, openid, {
      ...message({ complaint: without, turn: said }),
      key: asId(`dlv_${n}`),
    })
    expect(sent).toMatchObject({ outcome: 'sent' })
  }
  expect(official.shown(openid).filter((one) => one.kind === 'template').length).toBe(4)
})

test.each([
  ['thing1', '一'.repeat(30), '一'.repeat(20)],
  ['thing1', ' 一\n二 ', '一 二'],
  ['thing1', '', '-'],
  ['character_string1', '单号A-1#', 'A-1#'],
  ['character_string1', '单号', '-'],
  ['number1', '约 12.5 个', '12.5'],
  ['time1', '2026-03-01 20:00', '2026-03-01 20:00'],
  ['amount1', '¥19.90', '¥19.90'],
  ['amount1', '', '¥0'],
  ['phrase1', '待我方处理吧', '待我方处理'],
  ['phrase1', 'ours', '无'],
  ['name1', '一'.repeat(12), '一'.repeat(10)],
  ['name1', 'a'.repeat(25), 'a'.repeat(20)],
  ['keyword1', '一'.repeat(30), '一'.repeat(20)],
])('%s: %j → %j', (key, value, fit) => expect(fitted(key, value)).toBe(fit))

test('only what the map names is sent', () => {
  const { fields } = message().letter
  expect(dataOf({ thing1: 'account' }, fields)).toEqual({ thing1: { value: '小店' } })
})

describe('what goes wrong', () => {
  test.each<[number, string]>([
    [43004, 'recipient'],
    [50005, 'recipient'],
    [40003, 'recipient'],
    [43019, 'recipient'],
    [47003, 'message'],
    [40037, 'credentials'],
    [48001, 'credentials'],
    [45009, 'channel'],
    [45011, 'channel'],
    [-1, 'channel'],
    [12345, 'message'],
  ])('%i: %s', async (errcode, blames) => {
    const { kind, channel, official, openid } = await stage()
    official.misbehave({ on: 'send', how: 'errcode', errcode })
    const sent = await kind.send(channel, openid, message())
    expect(short(sent)).toBe(blames)
    expect(sent).toMatchObject({ code: String(errcode) })
  })
  test('a field that is too long is named', () =>
    expect(refusalOf(47003, 'argument invalid! data.thing2.value is too long rid: x', noon).why).toContain(
      '[thing2 is too long]',
    ))
  test('every code says in both languages what to do', () => {
    for (const code of officialCodes)
      expect(refusalOf(code, '', noon).why).toMatch(/^-?\d+ [^|]*\p{Script=Han}[^|]* \| [^|]+$/u)
  })
  test.each<[Parameters<Awaited<ReturnType<typeof stage>>['official']['misbehave']>[0], string]>([
    [{ on: 'send', how: 'token', errcode: 42001 }, 'sent'],
    [{ on: 'send', how: 'lost-answer' }, 'unknown'],
    [{ on: 'send', how: 'http', status: 500 }, 'unknown'],
    [{ on: 'token', how: 'lost-answer' }, 'channel'],
    [{ on: 'token', how: 'errcode', errcode: 40125 }, 'credentials'],
    [{ on: 'token', how: 'errcode', errcode: 40164 }, 'credentials'],
    [{ on: 'token', how: 'errcode', errcode: -1 }, 'channel'],
  ])('%j: %s', async (script, means) => {
    const { kind, channel, official, openid } = await stage()
    official.misbehave(script)
    expect(short(await kind.send(channel, openid, message()))).toBe(means)
  })
  test('the wrong secret', async () => {
    const { kind, channel, openid } = await stage()
    const wrong = { ...channel, secrets: { ...channel.secrets, secret: new Secret('x'.repeat(32)) } }
    expect(short(await kind.send(wrong, openid, message()))).toBe('credentials')
    expect((await kind.inspect(wrong)).map(({ level }) => level)).toEqual(['bad'])
    expect((await kind.inspect(channel)).map(({ level }) => level)).toEqual(['ok', 'ok'])
  })
  test('a quota comes back tomorrow', () => {
    const until = troubleOf(new OutsideError('busy', 'x', { code: '45009' }), noon)
    expect(until).toMatchObject({ blames: 'channel', again: 4 * 3_600_000 + 60_000 })
  })
})

describe('how a template is filled, looked at before anything is sent', () => {
  const content = '编号：{{character_string1.DATA}}\n原因：{{thing2.DATA}}\n状态：{{phrase5.DATA}}\n{{remark.DATA}}'
  const good = { character_string1: 'number', thing2: 'reason', phrase5: 'turn' } as const
  test.each<[string, Readonly<Record<string, FieldName>>, (readonly [string, RegExp])[]]>([
    ['as it wants to be', good, []],
    [
      'nothing for a keyword',
      { character_string1: 'number', thing2: 'reason' },
      [['bad', /phrase5 of the template stays empty/]],
    ],
    ['a keyword that is not there', { ...good, time9: 'due' }, [['bad', /the template has no time9/]]],
    [
      'too long',
      { ...good, thing2: 'case' },
      [['warn', /case is too long for thing2: "2000.*5678" is cut to "20000002022111201234"/]],
    ],
    [
      'Chinese where none is taken',
      { ...good, character_string1: 'reason' },
      [['bad', /reason does not suit character_string1.*becomes "-"/]],
    ],
    [
      'a time with its blank lost',
      { ...good, character_string1: 'due' },
      [['bad', /due does not suit character_string1/]],
    ],
    ['digits in a phrase', { ...good, phrase5: 'amount' }, [['bad', /amount does not suit phrase5/]]],
  ])('%s', (_, map, expected) => {
    const found = misfits(content, map)
    expect(found.map(({ level }) => level)).toEqual(expected.map(([level]) => level))
    for (const [at, [, words]] of expected.entries()) expect(found[at]?.what.en).toMatch(words)
  })
  test('the doctor names what is wrong, and says so where the template is not listed', async () => {
    const { kind, channel, official } = await stage()
    const levels = async (more: object) => {
      const { settings } = channel
      return (await kind.inspect({ ...channel, settings: { ...settings, ...more } })).map(({ level }) => level)
    }
    expect(await levels({ map: { character_string1: 'number' } })).toEqual(['ok', 'bad', 'bad', 'bad', 'bad'])
    official.setRules({ templatesByApi: false })
    expect(await levels({})).toEqual(['ok', 'warn'])
  })
})

test.each([
  [
    '{"errcode":0,"errmsg":"ok","msgid":2398472938472938472}',
    '{"errcode":0,"errmsg":"ok","msgid":"2398472938472938472"}',
  ],
  ['{"msgid": 200, "text":"\\"msgid\\":1"}', '{"msgid": 200, "text":"\\"msgid\\":1"}'],
])('a number with too many digits is kept as text: %s', (told, read) => expect(withExactNumbers(told)).toBe(read))

import { readdirSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'
import { sameText } from '../../src/core/same.ts'
import { withoutComments } from '../support/layers.ts'

test('texts are the same only when they are', () => {
  const pairs = [
    ['abc', 'abc', true],
    ['', '', true],
    ['密钥', '密钥', true],
    ['abc', 'abd', false],
    ['xbc', 'abc', false],
    ['abc', 'ab', false],
    ['abc', 'abc ', false],
    ['abc', '', false],
    // As long in characters, not in bytes.
    ['abc', 'ab密', false],
  ] as const
  for (const [a, b, same] of pairs) expect([a, b, sameText(a, b), sameText(b, a)]).toEqual([a, b, same, same])
})

// What somebody outside could guess at, byte by byte, by how long we take to say no.
const secret = /nonce|secret|token|signature|signed|\bsign\b|mac\b|digest|password|session|cookie|\bkey\b|apiKey|hash/i
const plain = /^(?:undefined|null|true|false|'[^']*'|-?\d+|)$/
const never = /^typeof |\.length$|\.size$/
const opens = '([{'
const closes = ')]}'
const ends = /^(?:[;,:=<>|&]|\?(?!\.)|=>|\breturn\b)/

/** What stands to the right of a place, up to where the comparison ends. */
function rightOf(text: string): string {
  let depth = 0
  for (let at = 0; at < text.length; at++) {
    const mark = text[at] ?? ''
    if (opens.includes(mark)) depth++
    else if (closes.includes(mark) && --depth < 0) return text.slice(0, at).trim()
    else if (depth === 0 && (ends.test(text.slice(at, at + 2)) || (mark === '\n' && text.slice(0, at).trim() !== '')))
      return text.slice(0, at).trim()
  }
  return text.trim()
}

function leftOf(text: string): string {
  let depth = 0
  for (let at = text.length - 1; at >= 0; at--) {
    const mark = text[at] ?? ''
    if (closes.includes(mark)) depth++
    else if (opens.includes(mark) && --depth < 0) return text.slice(at + 1).trim()
    else if (depth === 0 && (ends.test(text.slice(at, at + 2)) || (mark === '\n' && text.slice(at).trim() !== '')))
      return text
        .slice(at + 1)
        .replace(/^\s*return\b/, '')
        .trim()
  }
  return text.trim()
}

/** Each comparison that stops at the first difference and has a secret's name on one of its sides. */
function hasty(source: string): readonly string[] {
  const text = withoutComments(source)
  const found: string[] = []
  for (const { 0: sign, index } of text.matchAll(/(?<![!=])[!=]==?(?!=)/g)) {
    const left = leftOf(text.slice(Math.max(0, index - 300), index))
    const right = rightOf(text.slice(index + sign.length, index + 300))
    if ([left, right].some((side) => plain.test(side) || never.test(side))) continue
    if (secret.test(left) || secret.test(right)) found.push(`${left} ${sign} ${right}`)
  }
  for (const { 0: whole, index } of text.matchAll(/\.(?:equals|localeCompare|startsWith|endsWith)\(/g)) {
    const given = rightOf(text.slice(index + whole.length, index + 300))
    if (!plain.test(given) && secret.test(given)) found.push(`${whole}${given})`)
  }
  return found
}

/** None of these lets anybody in: public names, bytes written twice, and what is looked up only behind a door that was passed. */
const harmless: Readonly<Record<string, readonly string[]>> = {
  'bots/browser/gallery.ts': ['old === hash'],
  'bots/browser/page/script/card.ts': ['dataset.token === button.token'],
  'bots/browser/talk.ts': ['one.token === token'],
  'bots/wecom/card.ts': ['other.token === token', 'given.findIndex((other) => other.token === token) === at'],
  'src/actions/ruling.ts': ['requested.action.key === key'],
  'src/admin/actions.ts': ['requested.action.key === key'],
  'src/chat/texts.ts': ['name === key'],
  // What a verified message of the platform brings, beside what we hold.
  'src/inbox/hear-grant.ts': ['stored?.token.reveal() === given.token.reveal()'],
  'src/notify/official-account/settings.ts': ['(token === undefined) === (aesKey === undefined)'],
  'src/notify/sms/index.ts': ["textIn(one, 'SignName') === sign"],
  'src/platforms/alipay/errors.ts': ['entry === badSignature'],
  // Whether it is written as base64 is; RSA judges it.
  'src/platforms/alipay/keys.ts': ["bytes.toString('base64') === signature"],
  'src/platforms/wechat-pay/signature.ts': [
    "(headers['wechatpay-signature-type'] ?? scheme) !== scheme",
    "bytes.toString('base64') !== signature",
  ],
  // Which question of one's own page is meant.
  'src/web/own.ts': ['prompt.key !== fields.prompt'],
  'src/web/route.ts': [
    'name === cookieName',
    '(await generationOf(reads, of)) !== token.generation',
    'one.hash === hash',
  ],
}

const root = fileURLToPath(new URL('../..', import.meta.url))
const files = ['src', 'bots', 'config'].flatMap((folder) =>
  readdirSync(`${root}${folder}`, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.ts'))
    .map((file) => `${folder}/${file}`),
)

test('what is secret is compared in constant time, everywhere', () => {
  const found = files.flatMap((file) => {
    const all = hasty(readFileSync(root + file, 'utf8'))
    return all.length === 0 ? [] : [[file, all] as const]
  })
  expect(Object.fromEntries(found)).toEqual(harmless)
})

test('one helper does it', () => {
  const own = files.filter((file) => readFileSync(root + file, 'utf8').includes('timingSafeEqual'))
  expect(own).toEqual(['src/core/same.ts'])
})

describe('what would tell is found', () => {
  test.each([
    "const isOurs = nonce !== '' && nonce === signedNonce(parts, own, nonce.split('.')[0] ?? '')",
    "if (request.headers['x-telegram-bot-api-secret-token'] !== secret) return",
    'if (channel.webhookSecret == given) go()',
    'return pass.session_hash === hashOf(session)',
    "return createHmac('sha256', key).update(text).digest('hex') === given",
    'if (\n  sealer.sign(purpose, words) !==\n  given\n) return undefined',
    'if (Buffer.from(a).equals(Buffer.from(token))) go()',
    'const is = words.startsWith(account.secrets.token)',
  ])('%s', (line) => {
    expect(hasty(line)).toHaveLength(1)
  })
  test.each([
    'if (nonce === undefined) return',
    "if (given.token !== '') return",
    'if (token.length !== 22) return',
    "if (typeof secret === 'string') go()",
    '// nonce === given',
    'if (row.state === before.state) return',
  ])('%s is let be', (line) => {
    expect(hasty(line)).toEqual([])
  })
})

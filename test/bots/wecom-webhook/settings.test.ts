import { describe, expect, test } from 'vitest'
import { parseSettings } from '../../../bots/wecom-webhook/settings.ts'
import { InputError } from '../../../src/core/errors.ts'

const key = '693a91f6-7xxx-4bc4-97a0-0ec2sifa5aaa'.replace(/[^\da-f-]/g, '0')
const whole = `https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=${key}`
const parse = (given: string, settings: Record<string, unknown> = {}) =>
  parseSettings({ settings, secrets: { key: given } })

function problems(settings: Record<string, unknown>, secrets: Record<string, string>) {
  try {
    parseSettings({ settings, secrets })
  } catch (error) {
    if (error instanceof InputError) return error.problems
    throw error
  }
  return []
}

describe('the key of a webhook', () => {
  test.each([
    ['alone', key],
    ['with blanks around it', ` ${key}\n`],
    ['as the whole address', whole],
    ['in an address with more behind it', `${whole}&debug=1#x`],
  ])('%s', (_, given) => {
    expect(parse(given)).toEqual({ key, base: 'https://qyapi.weixin.qq.com/', pause: 60_000, blocked: 600_000 })
  })

  test.each([
    ['nothing', '', 'the key alone'],
    ['a sentence', 'see the wiki page', 'the key alone'],
    ['an address without a key', 'https://qyapi.weixin.qq.com/cgi-bin/webhook/send', 'holds no key'],
    ['an address with an odd key', `${whole}%20or`, 'holds no key'],
    ['the robot of another chat', 'https://oapi.dingtalk.com/robot/send?access_token=abcdefgh', 'elsewhere'],
  ])('%s is refused, and it is said what to copy', (_, given, said) => {
    const [problem, ...more] = problems({}, { key: given })
    expect([problem?.field, more]).toEqual(['secrets.key', []])
    expect(problem?.fix).toContain(said)
    expect(problem?.fix).toContain('cgi-bin/webhook/send?key=…')
    expect(problem?.fix).not.toMatch(/wiki|access_token|693a91f6/)
  })

  test('missing, and what does not belong there', () => {
    expect(problems({}, { token: 'x' })).toEqual([
      { field: 'secrets.key', fix: expect.stringContaining('the key of the webhook') },
      { field: 'secrets.token', fix: 'no such entry; take it out' },
    ])
  })
})

describe('where and how long', () => {
  test('another address and other pauses', () => {
    expect(parse(key, { url: 'http://127.0.0.1:9', pauseSeconds: 5, blockedSeconds: 7 })).toEqual({
      ...{ key, base: 'http://127.0.0.1:9/', pause: 5_000, blocked: 7_000 },
    })
  })

  test('a whole address belongs to where the settings say', () => {
    expect(
      parse('https://wecom.example/cgi-bin/webhook/send?key=abcdefgh', { url: 'https://wecom.example/' }).key,
    ).toBe('abcdefgh')
    expect(problems({ url: 'https://wecom.example' }, { key: whole })).toMatchObject([{ field: 'secrets.key' }])
  })

  test.each([
    ['http://qyapi.weixin.qq.com', 'http elsewhere'],
    ['https://li:x@qyapi.weixin.qq.com', 'a password'],
    [whole, 'the whole address with the key'],
    ['qyapi.weixin.qq.com', 'no scheme'],
  ])('%s is refused: %s', (url) => {
    expect(problems({ url }, { key })).toEqual([
      { field: 'settings.url', fix: expect.stringContaining('https://qyapi.weixin.qq.com') },
    ])
  })

  test.each([[0], [1.5], ['60'], [90_000]])('a pause of %j is refused', (value) => {
    expect(
      problems({ pauseSeconds: value, blockedSeconds: value, mode: 1 }, { key }).map(({ field }) => field),
    ).toEqual(['settings.pauseSeconds', 'settings.blockedSeconds', 'settings.mode'])
  })
})

import { type Agent, get } from 'node:https'
import { type AddressInfo, createServer } from 'node:net'
import { describe, expect, onTestFinished, test } from 'vitest'
import { agentFor, connect as telegramAt } from '../../bots/telegram/api.ts'
import { telegramKind } from '../../bots/telegram/index.ts'
import { wecomKind } from '../../bots/wecom/index.ts'
import { connect as wecomAt } from '../../bots/wecom/link.ts'
import { wecomWebhookKind } from '../../bots/wecom-webhook/index.ts'
import { systemClock } from '../../src/core/clock.ts'
import { InputError } from '../../src/core/errors.ts'
import { silent } from '../../src/core/logger.ts'
import { checkReach, createReach, nameOf, placeOf, type Reach } from '../../src/core/reach.ts'
import { Secret } from '../../src/core/seal.ts'
import { createTransport } from '../../src/core/transport.ts'
import { asId } from '../../src/core/words.ts'
import { emailKind } from '../../src/notify/email/index.ts'
import type { StoredChannel } from '../../src/storage/channels.ts'

type Lookup = NonNullable<NonNullable<Parameters<typeof createReach>[1]>['lookup']>

/** A DNS that gives these answers, one after the other, and the last for ever. */
function dns(...answers: readonly (readonly string[])[]) {
  const asked: string[] = []
  const lookup = ((name: string, options: { all?: boolean }, callback: (...given: unknown[]) => void) => {
    const found = answers[Math.min(asked.length, answers.length - 1)] ?? []
    asked.push(name)
    const all = found.map((address) => ({ address, family: address.includes(':') ? 6 : 4 }))
    if (options.all) callback(null, all)
    else callback(null, all[0]?.address, all[0]?.family)
  }) as unknown as Lookup
  return { lookup, asked }
}

const lookedUp = (reach: Reach, host: string, all = true) =>
  new Promise<unknown>((resolve) => {
    reach.lookupFor({ host, port: 443 })(host, { all }, (error, found) => resolve(error ? error.code : found))
  })

describe('an address that was given', () => {
  test.each(
    `127.0.0.1 127.1 0x7f.1 0177.0.0.1 2130706433 0 169.254.169.254 0xa9fea9fe 10.0.0.1 172.16.0.1 192.168.1.1 100.100.100.200
    ::1 [::1] ::ffff:127.0.0.1 ::ffff:7f00:1 ::ffff:a9fe:a9fe fc00::1 fd12:3456::1 fe80::1 fe80::1%eth0 64:ff9b::7f00:1
    localhost LOCALHOST localhost. a.localhost redis postgres metadata.google.internal nas.local router.lan db.corp x.home.arpa ①②⑦.0.0.1`
      .trim()
      .split(/\s+/),
  )('%s leads inside', (host) => {
    expect(createReach().isInside({ host, port: 25 })).toBe(true)
  })

  test.each([
    '1.1.1.1',
    '2606:4700::1111',
    '[2606:4700::1111]',
    'smtp.163.com',
    'a.localhost.example.com',
    '127.0.0.1.example.com',
  ])('%s may lead outside', (host) => {
    expect(createReach().isInside({ host, port: 25 })).toBe(false)
  })

  test('leads where it likes once it is named, in whichever spelling, and at the named port alone', () => {
    const reach = createReach(['10.0.0.5:25', 'Mail.lan', '127.0.0.1:7890'])
    const inside = (host: string, port: number) => reach.isInside({ host, port })
    expect([inside('10.0.0.5', 25), inside('10.0.0.5', 26), inside('0x0a.5', 25), inside('10.0.0.6', 25)]).toEqual([
      ...[false, true, false, true],
    ])
    expect([inside('mail.lan', 25), inside('MAIL.LAN.', 465), inside('x.mail.lan', 25)]).toEqual([false, false, true])
    expect([inside('127.0.0.1', 7890), inside('localhost', 7890), inside('127.0.0.1', 80)]).toEqual([false, true, true])
  })

  test('is named by its field, with what to do', () => {
    const wrong = () =>
      checkReach(createReach(), {
        'settings.url': placeOf('https://169.254.169.254/latest'),
        'settings.proxy': placeOf('http://proxy.example:3128'),
        'settings.none': undefined,
      })
    expect(wrong).toThrow(InputError)
    expect(wrong).toThrow(/^settings\.url: a public address; 169\.254\.169\.254:443 leads inside.*insideHosts/)
    expect(nameOf(placeOf('wss://x.example/'))).toBe('x.example:443')
  })
})

describe('a name', () => {
  test('is refused when one of its addresses is inside, and connected to by the very addresses that were judged', async () => {
    const mixed = createReach([], dns(['1.1.1.1', '10.0.0.1']))
    expect(await lookedUp(mixed, 'a.example')).toBe('NOT_PUBLIC')
    const mapped = createReach([], dns(['::ffff:169.254.169.254']))
    expect(await lookedUp(mapped, 'a.example', false)).toBe('NOT_PUBLIC')
    const good = createReach([], dns(['1.1.1.1', '2606:4700::1111']))
    expect(await lookedUp(good, 'a.example')).toMatchObject([{ address: '1.1.1.1' }, { address: '2606:4700::1111' }])
    expect(await lookedUp(createReach([], dns([])), 'a.example')).toBe('NOT_PUBLIC')
  })

  test('that is public at one look and inside at the next is refused at the next', async () => {
    const rebinding = createReach([], dns(['1.1.1.1'], ['127.0.0.1']))
    expect(await lookedUp(rebinding, 'a.example', false)).toBe('1.1.1.1')
    expect(await lookedUp(rebinding, 'a.example', false)).toBe('NOT_PUBLIC')
  })

  test('that is named may lead inside', async () => {
    const reach = createReach(['mail.example:443'], dns(['10.0.0.1']))
    expect(await lookedUp(reach, 'mail.example', false)).toBe('10.0.0.1')
    expect(await lookedUp(reach, 'other.example', false)).toBe('NOT_PUBLIC')
  })
})

/** Something that listens beside us, and must hear nothing. */
async function besideUs() {
  let knocks = 0
  const server = createServer((socket) => {
    knocks++
    socket.on('error', () => undefined)
    socket.destroy()
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => void server.close())
  return { port: (server.address() as AddressInfo).port, knocks: () => knocks }
}

/** Both ways: as a stranger's address, and as one that is named. */
async function tried(go: (reach: Reach, port: number) => Promise<unknown>): Promise<readonly number[]> {
  const { port, knocks } = await besideUs()
  const counts: number[] = []
  for (const named of [[], [`inside.example:${port}`]]) {
    const { lookup, asked } = dns(['127.0.0.1'])
    await go(createReach(named, { lookup }), port)
    expect(asked).toContain('inside.example')
    counts.push(knocks())
  }
  return counts
}

/** One knock at least; how many it takes is the client's own. */
const some = expect.toSatisfy((count: number) => count > 0)

const token = `42:${'A'.repeat(35)}`

describe('nobody knocks inside by a name that leads there', () => {
  test('mail', async () => {
    const counts = await tried(async (reach, port) => {
      const kind = emailKind({ clock: systemClock, logger: silent, timeout: 2_000, reach })
      const channel = {
        ...{ id: asId<'channel'>('chn_1'), kind: 'email', secrets: { password: new Secret('x') } },
        settings: { host: 'inside.example', port, protection: 'tls', user: 'a@example.com' },
      } as unknown as StoredChannel
      const [finding] = (await kind.inspect?.(channel)) ?? []
      expect(finding?.level).toBe('bad')
      const letter = { subject: 's', text: 't', html: 'h', fields: {} }
      const sent = await kind.send(channel, 'b@example.com', { key: 'k', letter, tries: 0 } as never)
      if (!reach.isNamed({ host: 'inside.example', port }))
        expect(sent).toMatchObject({ outcome: 'failed', blames: 'credentials', code: 'NOT_PUBLIC' })
      await kind.close()
    })
    expect(counts).toEqual([0, some])
  })

  test('Telegram, its files too, and a proxy to it', async () => {
    for (const proxied of [false, true]) {
      const counts = await tried(async (reach, port) => {
        const address = `https://inside.example:${port}/`
        const apiRoot = proxied ? 'https://telegram.example/' : address
        const settings = { token, apiRoot, ...(proxied ? { proxy: address.replace('https', 'http') } : {}) }
        const api = await telegramAt(settings, { clock: systemClock, reach })
        await expect(api.call('getMe')).rejects.toThrow()
        await expect(api.download('photos/1.jpg', 10)).rejects.toThrow()
        api.close()
      })
      expect([proxied, ...counts]).toEqual([proxied, 0, some])
    }
  })

  test('WeCom’s long connection', async () => {
    const counts = await tried(async (reach, port) => {
      const told: string[] = []
      const settings = { botId: 'b', secret: 'secret-secret', url: `wss://inside.example:${port}`, pause: 1000 }
      const quiet = { message: () => {}, event: () => {}, taken: () => {} }
      const log = { ...silent, debug: (_: object, words: string) => void told.push(words) }
      const link = await wecomAt({
        ...quiet,
        settings,
        clock: systemClock,
        logger: { ...log, child: () => log },
        reach,
      })
      for (let turn = 0; turn < 200 && !told.includes('WeCom is not reached'); turn++)
        await new Promise((resolve) => setTimeout(resolve, 5))
      link.close()
    })
    expect(counts).toEqual([0, some])
  })

  test('a redirect of a Bot API that somebody gave: the same agent, and an address that is never looked up', async () => {
    const { port, knocks } = await besideUs()
    const at = (reach: Reach) => agentFor({ token, apiRoot: 'https://outside.example/' }, reach)
    const asked = (agent: Agent | undefined, host: string) =>
      new Promise<string>((resolve) => {
        const request = get({ host, port, agent }, () => resolve('answered'))
        request.on('error', ({ message }) => resolve(message))
      })
    const agent = await at(createReach([], dns(['127.0.0.1'])))
    for (const host of ['127.0.0.1', '::1', 'localhost']) expect(await asked(agent, host)).toContain('leads inside')
    expect(await asked(agent, 'inside.example')).toContain('not a public address')
    expect(knocks()).toBe(0)
    await asked(await at(createReach([`127.0.0.1:${port}`])), '127.0.0.1')
    expect(knocks()).toBe(1)
  })
})

describe('what the API takes', () => {
  const transport = createTransport({ clock: systemClock })
  const deps = { clock: systemClock, random: () => Buffer.alloc(1), logger: silent, transport }
  const wrong = (check: () => void): readonly string[] => {
    try {
      check()
      return []
    } catch (error) {
      return error instanceof InputError ? error.problems.map(({ field }) => field) : [String(error)]
    }
  }
  const mail = (settings: object, reach?: Reach) =>
    wrong(() =>
      emailKind({ ...deps, ...(reach && { reach }) }).check({
        settings: { user: 'a@example.com', ...settings },
        secrets: { password: 'x' },
      }),
    )

  test('Telegram: Bot API and proxy', () => {
    const check = (settings: Record<string, unknown>, secrets = {}) =>
      wrong(() => telegramKind({ ...deps, apiRoot: 'http://127.0.0.1:9' }).check(settings, { token, ...secrets }))
    expect(check({})).toEqual([])
    expect(check({ apiRoot: 'http://127.0.0.1:9' })).toEqual([])
    expect(check({ apiRoot: 'http://127.0.0.1:10' })).toEqual(['settings.apiRoot'])
    expect(check({ apiRoot: 'https://[::ffff:127.0.0.1]' })).toEqual(['settings.apiRoot'])
    expect(check({ apiRoot: 'https://api.example', proxy: 'http://10.0.0.1:3128' })).toEqual(['settings.proxy'])
    expect(check({ apiRoot: 'https://api.example' }, { proxy: 'http://u:p@localhost:3128' })).toEqual(['secrets.proxy'])
    for (const apiRoot of ['file:///etc/passwd', 'gopher://x.example', 'https://u:p@x.example'])
      expect([apiRoot, check({ apiRoot })]).toEqual([apiRoot, ['settings.apiRoot']])
    expect(check({ apiRoot: 'https://api.example', proxy: 'gopher://x.example' })).toEqual(['settings.proxy'])
  })

  test('WeCom: the long connection and the webhook', () => {
    const secrets = { botId: 'bot', secret: 'secret-secret' }
    const long = (url: string) => wrong(() => wecomKind({ ...deps, url: 'wss://x.example' }).check({ url }, secrets))
    const hook = (url: string) =>
      wrong(() => wecomWebhookKind({ ...deps, baseUrl: 'http://127.0.0.1:9' }).check({ url }, { key: 'abcdefgh' }))
    for (const url of ['wss://10.0.0.1', 'ws://127.0.0.1:9', 'wss://localhost./', 'wss://0x7f.1', 'file:///etc/passwd'])
      expect([url, long(url)]).toEqual([url, ['settings.url']])
    for (const url of ['https://10.0.0.1', 'http://127.0.0.1:10', 'https://169.254.169.254', 'gopher://x.example'])
      expect([url, hook(url)]).toEqual([url, ['settings.url']])
    expect([long('wss://y.example'), hook('https://y.example'), hook('http://127.0.0.1:9')]).toEqual([[], [], []])
  })

  test('mail: the server, and no port but those of mail', () => {
    expect(mail({ preset: '163' })).toEqual([])
    for (const host of ['10.0.0.5', 'localhost.', '2130706433', '::1', 'mailhost'])
      expect([host, mail({ host })]).toEqual([host, ['settings.host']])
    for (const port of [22, 80, 443, 6379, 8080])
      expect([port, mail({ host: 'x.example', port })]).toEqual([port, ['settings.port']])
    for (const port of [25, 465, 587, 994, 2525]) expect([port, mail({ host: 'x.example', port })]).toEqual([port, []])
    expect(mail({ host: '10.0.0.5', port: 8025 }, createReach(['10.0.0.5']))).toEqual([])
  })

  test('what was kept before it was inside is not made into a bot any more', () => {
    const kind = telegramKind(deps)
    const kept = { id: asId<'bot'>('bot_1'), name: 'x', settings: { proxy: 'http://10.0.0.1:1' }, secrets: { token } }
    expect(() => kind.make(kept)).toThrow(InputError)
  })
})

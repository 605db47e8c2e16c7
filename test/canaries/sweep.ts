import { operations } from '../../src/admin/operations.ts'
import { redress } from '../cli/support.ts'
import type { Api } from '../support/admin-api.ts'
import type { Capture } from './capture.ts'
import { at } from './set-up.ts'

/** Everything that the API shows: whatever has an id is looked at by it. @returns the operations that were asked */
export async function lookAtAll(api: Api, to: (id: string) => Api): Promise<readonly string[]> {
  const asked = new Set<string>()
  const look = async (id: string, path: string): Promise<readonly { id?: string; running?: number }[]> => {
    asked.add(id)
    const { json } = await to(id)('GET', path)
    return json?.items ?? []
  }
  const gets = operations.filter(({ method }) => method === 'get').sort((a, b) => a.path.length - b.path.length)
  const ids = new Map<string, readonly string[]>()
  for (const { id, path } of gets) {
    const filled = path.split('/').reduce<readonly string[]>(
      (paths, part) => {
        if (!part.startsWith(':')) return paths.map((one) => (one === '' && part === '' ? '' : `${one}/${part}`))
        if (part === ':tenant') return paths.map((one) => `${one}/shop`)
        return paths.flatMap((one) => (ids.get(one) ?? []).map((each) => `${one}/${each}`))
      },
      [''],
    )
    for (const one of filled) {
      const items = await look(id, one)
      ids.set(
        one,
        items.flatMap((item) => item.running?.toString() ?? item.id ?? []),
      )
    }
  }
  await api('GET', `${at}/complaints?which=all&limit=200`)
  return [...asked]
}

/** The same by the command line, for people and as JSON; and what people get wrong there. */
export async function command(
  url: string,
  key: string,
  capture: Capture,
  secrets: Readonly<Record<string, string>>,
): Promise<void> {
  const shop = ['--tenant', 'shop']
  const says = async (...words: string[]) => {
    for (const json of [[], ['--json']]) {
      const { exit, out, err } = await redress({ url, key, stdin: secrets.token ?? '' }, ...json, ...words)
      capture.add(
        words[0] === 'bot' && words[1] === 'list' ? 'told once' : 'command line',
        `${words[0]} ${words[1] ?? ''} ${exit}\n${out}\n${err}`,
      )
    }
  }
  for (const list of ['account', 'bot', 'channel', 'member', 'room', 'rule', 'template', 'letter'])
    await says(list, 'list', ...shop)
  for (const words of [['key', 'list'], ['tenant', 'list'], ['tenant', 'export', 'shop'], ['doctor'], ['audit']])
    await says(...words)
  for (const name of ['email', 'sms', 'official-account']) {
    await says('channel', 'log', name, ...shop)
    await says('recipient', 'list', '--channel', name, ...shop)
  }
  await says('complaint', 'list', '--which', 'all', ...shop)
  for (const n of ['1', '2', '3', '4']) await says('complaint', 'show', n, ...shop)
  const [secret = '', token = ''] = [secrets.secret, secrets.token]
  for (const words of [
    ['account', 'update', '小程序', '--secret', secret, ...shop],
    ['account', 'update', '小程序', '--secret', `nonsense=${secret}`, ...shop],
    ['account', 'update', '小程序', '--secret', `token=${secret}`, ...shop],
    ['account', 'update', '小程序', '--setting', `secret=${secret}`, ...shop],
    [
      'account',
      'add',
      '--platform',
      'wechat-mini',
      '--id',
      secret,
      '--name',
      'x',
      '--secret',
      `secret=${secret}`,
      ...shop,
    ],
    ['bot', 'add', '--kind', 'telegram', '--name', 'x', '--secret', `token=${token}x`, ...shop],
    ['bot', 'add', '--kind', 'telegram', '--name', 'x', '--secret', `tokenn=${token}`, ...shop],
    ['bot', 'add', '--kind', 'telegram', '--name', 'x', '--secret', 'tokenn=-', ...shop],
    ['channel', 'update', 'email', '--secret', `password=`, '--secret', `pass=${token}`, ...shop],
  ])
    await says(...words)
}

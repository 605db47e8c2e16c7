import { expect, test } from 'vitest'
import { account, platformOn } from './support.ts'

const inspect = async (answer?: object) => {
  const { platform } = platformOn(() => answer)
  return platform.inspect?.({ account: account() })
}

test('an account that gets its token is well', async () => {
  expect(await inspect()).toMatchObject([{ level: 'ok' }])
})
test('one that does not is told why, in each language by itself, and what to do', async () => {
  const found = await inspect({ errcode: 40164, errmsg: 'invalid ip 203.0.113.9' })
  expect(found).toMatchObject([
    {
      level: 'bad',
      what: {
        zh: expect.stringContaining('IP 203.0.113.9 不在白名单'),
        en: expect.stringContaining('203.0.113.9 is not in the allow list'),
      },
    },
  ])
  expect(found?.[0]?.what.zh).not.toContain('allow list')
  expect(found?.[0]?.fix?.zh).toContain('白名单')
})

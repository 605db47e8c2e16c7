import { randomBytes } from 'node:crypto'
import { describe, expect, onTestFinished, test } from 'vitest'
import { deliverByHttp } from '../../sandbox/deliver.ts'
import { createSms, type Sign, serveSms } from '../../sandbox/sms/index.ts'
import { systemClock } from '../../src/core/clock.ts'
import { Secret } from '../../src/core/seal.ts'
import { asId, instant } from '../../src/core/words.ts'
import { smsKind } from '../../src/notify/sms/index.ts'
import { telegramStage } from '../bots/telegram/stage.ts'
import { noon } from '../support/databases.ts'

describe('the signature of short messages', () => {
  const [secretId, secretKey] = ['AKIDtest0123456789', 'testsecretkey0123456789']
  async function inspected(signs: readonly Sign[], trouble = false) {
    const sms = createSms({
      ...{ clock: systemClock, random: randomBytes, deliver: deliverByHttp, keys: [{ secretId, secretKey }] },
      apps: [{ sdkAppId: '1400006666', secretId, signs, templates: [{ id: 1110, content: '您有{1}笔新投诉。' }] }],
    })
    const served = await serveSms(sms, { tickMs: 0 })
    const kind = smsKind({ clock: systemClock, random: randomBytes, endpoint: served.url } as Parameters<
      typeof smsKind
    >[0])
    onTestFinished(async () => {
      await kind.close()
      await served.close()
    })
    if (trouble)
      sms.misbehave({ on: 'signs', how: 'error', code: 'UnauthorizedOperation.IndividualUserVerify', times: 9 })
    const found = await kind.inspect({
      ...{ id: asId('chn_1'), tenant: asId('ten_1'), kind: 'sms', name: '短信', enabled: true, failures: 0 },
      ...{ secretsAt: instant(noon), endingSaid: false },
      settings: { sdkAppId: '1400006666', sign: '小店', templateId: '1110', params: ['count'] },
      secrets: { secretId: new Secret(secretId), secretKey: new Secret(secretKey) },
    })
    return found.map(({ level, what }) => [level, what.en])
  }
  const well = ['ok', '短信: the key is good, the template approved']

  test.each<[string, readonly Sign[], readonly string[]]>([
    ['that is not there', [{ id: 1, text: '别家' }], ['bad', '短信: there is no signature "小店"']],
    ['that was refused', [{ id: 1, text: '小店', state: -1 }], ['bad', expect.stringContaining('cannot be used')]],
    ['in review', [{ id: 1, text: '小店', state: 1 }], ['warn', expect.stringContaining('not in force yet')]],
  ])('%s is said', async (_, signs, wrong) => {
    expect(await inspected(signs)).toEqual([well, wrong])
  })
  test('one good one among several is enough, and nothing is said where it may not be asked', async () => {
    expect(
      await inspected([
        { id: 1, text: '小店', state: -1 },
        { id: 2, text: '小店' },
      ]),
    ).toEqual([well])
    expect(await inspected([{ id: 1, text: '别家' }], true)).toEqual([well])
  })
})

test('in a Telegram group where members may not write, the bot may not either, unless it is an administrator', async () => {
  const stage = await telegramStage()
  onTestFinished(() => stage.close())
  await stage.bot.start(async () => ({}))
  await stage.settled()
  const spot = { chat: String(stage.group.chat) }
  const last = async () => (await stage.bot.inspect?.([spot]))?.at(-1)
  expect(await last()).toMatchObject({ level: 'ok' })
  stage.group.setOpen(false)
  expect(await last()).toMatchObject({
    level: 'bad',
    what: { en: expect.stringContaining('may not write') },
    fix: { zh: expect.stringMatching(/./) },
  })
  stage.group.setOpen(true)
  expect(await last()).toMatchObject({ level: 'ok' })
})

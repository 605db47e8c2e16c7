import { randomBytes } from 'node:crypto'
import { onTestFinished } from 'vitest'
import { deliverByHttp } from '../../sandbox/deliver.ts'
import { createWechat, type MiniProgram, serveWechat, type Wechat } from '../../sandbox/wechat/index.ts'
import {
  createWechatPay,
  mintMerchant,
  type WechatPay as PaySandbox,
  serveWechatPay,
} from '../../sandbox/wechat-pay/index.ts'
import { adminKey } from './admin-api.ts'
import { build } from './build.ts'
import { type TestChat, testChat } from './chat.ts'
import { sqlite } from './databases.ts'
import { behindPublicUrl, publicUrl } from './public-url.ts'

/** A whole Redress in which nothing is set up, and what a person reads off the consoles of the platforms. */
export interface EmptyWorld {
  readonly url: string
  /** Of the whole installation. */
  readonly key: string
  readonly wechat: Wechat
  readonly pay: PaySandbox
  readonly chat: TestChat
  readonly program: MiniProgram
  readonly merchant: {
    readonly mchid: string
    readonly settings: Readonly<Record<string, string>>
    readonly secrets: Readonly<Record<string, string>>
  }
  /** Types the callback address into the mini program's console. */
  pushTo(callbackUrl: string): void
  settle(): Promise<void>
  pass(ms: number): Promise<void>
}

const mchid = '1900007291'

export async function emptyWorld(): Promise<EmptyWorld> {
  const { database, clock } = await sqlite.open()
  let pushUrl = ''
  let url = ''
  const program: MiniProgram = {
    ...{ name: '小店', appid: 'wx0123456789abcdef', secret: '0123456789abcdef0123456789abcdef' },
    ...{ token: 'RedressToken1', aesKey: randomBytes(32).toString('base64').slice(0, 43), mode: 'safe' },
    ...{ format: 'json', orderShipping: false },
    get pushUrl() {
      return pushUrl
    },
  }
  const wechat = createWechat({ clock, random: randomBytes, programs: [program], deliver: deliverByHttp })
  const { serial, certificate, privateKey } = mintMerchant({ mchid, random: randomBytes, now: clock.now() })
  const apiV3Key = randomBytes(16).toString('hex')
  const pay = createWechatPay({
    ...{ clock, random: randomBytes, deliver: behindPublicUrl(() => url) },
    merchants: [{ name: '青禾优选', mchid, apiV3Key, certificateSerial: serial, publicKey: certificate }],
  })
  const [outside, paying] = [await serveWechat(wechat, { tickMs: 0 }), await serveWechatPay(pay, { tickMs: 0 })]
  const chat = testChat()
  const { app, engine, close } = build({
    database,
    wechat: outside.url,
    pay: paying.url,
    botKind: chat.kind,
    publicUrl,
  })
  url = (await app.listen()).url
  onTestFinished(async () => {
    await close()
    await outside.close()
    await paying.close()
  })

  async function settle() {
    for (let quiet = 0; quiet < 2; quiet++) {
      clock.advance(1)
      await wechat.idle()
      await pay.idle()
      await engine.settle()
    }
  }

  const { id, pem } = pay.publicKey(mchid)
  return {
    ...{ url, key: await adminKey(database, { name: 'setting up' }), wechat, pay, chat, program, settle },
    merchant: {
      mchid,
      settings: { publicKeyId: id },
      secrets: { apiV3Key, privateKey, certificate, publicKey: pem },
    },
    pushTo(callbackUrl) {
      pushUrl = callbackUrl.replace(publicUrl, url)
    },
    async pass(ms) {
      for (let left = ms; left > 0; left -= 15_000) {
        clock.advance(15_000)
        await wechat.advance()
        await pay.advance()
        await settle()
      }
    },
  }
}

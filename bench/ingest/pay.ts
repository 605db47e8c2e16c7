import { createPrivateKey, randomBytes } from 'node:crypto'
import { createWechatPay, serveWechatPay } from '../../sandbox/wechat-pay/index.ts'
import { reply } from '../../sandbox/wire.ts'
import { systemClock } from '../../src/core/clock.ts'
import { merchantOf, type PayKeys } from '../source.ts'
import { answer, given } from './asked.ts'

/** WeChat Pay in a process of its own, with complaints that nobody was told of. */
const { keys } = given<{ readonly keys: PayKeys }>()
const merchant = merchantOf(keys)
const pay = createWechatPay({
  clock: systemClock,
  random: randomBytes,
  merchants: [merchant],
  keys: () => createPrivateKey(keys.platformKey),
  deliver: async () => reply(204, 'text/plain', ''),
})
const { url } = await serveWechatPay(pay)

answer({
  url: () => url,
  async complain({ count }: { count: number }): Promise<readonly string[]> {
    const numbers: string[] = []
    for (let n = 0; n < count; n++) numbers.push((await pay.complain({ mchid: merchant.mchid })).id)
    return numbers
  },
})

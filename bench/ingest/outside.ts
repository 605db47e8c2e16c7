import { randomBytes } from 'node:crypto'
import { createWechat, serveWechat } from '../../sandbox/wechat/index.ts'
import { type Push, reply } from '../../sandbox/wire.ts'
import { systemClock } from '../../src/core/clock.ts'
import { programAt } from '../source.ts'
import { answer } from './asked.ts'

/** WeChat in a process of its own: its customers complain, its pushes are kept for the load generator, and it answers what is asked about them. */
let account = ''
let pushed: Push[] = []
const program = programAt(() => `http://127.0.0.1/hooks/${account}`)
const wechat = createWechat({
  clock: systemClock,
  random: randomBytes,
  programs: [program],
  async deliver(push) {
    pushed.push(push)
    return reply(200, 'text/plain', 'success')
  },
})
const { url } = await serveWechat(wechat)

answer({
  url: () => url,
  async complain(asked: { account: string; count: number }) {
    account = asked.account
    pushed = []
    for (let n = 0; n < asked.count; n++) await wechat.complain({ appid: program.appid, nickname: '顾客' })
    await wechat.idle()
    return pushed.map((push) => ({ ...push, body: push.body.toString('base64') }))
  },
})

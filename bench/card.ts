import { spread } from './measure.ts'
import { openShop, type Shop } from './shop.ts'

/** How long from the platform's push to the card in the chat, and from the last words to the platform's changed state. */
export async function card({ quick }: { readonly quick: boolean }): Promise<undefined> {
  const shop = await openShop()
  const count = quick ? 20 : 300
  await shown(shop)
  const alone: number[] = []
  for (let n = 0; n < count; n++) alone.push(await shown(shop))
  console.log(`push → card, one at a time:   ${spread(alone)}`)
  const start = performance.now()
  const burst = await Promise.all(Array.from({ length: count }, () => shown(shop)))
  console.log(
    `push → card, ${count} at once:     ${spread(burst)} · all in ${((performance.now() - start) / 1000).toFixed(1)} s`,
  )
  await shop.close()
}

async function shown({ wechat, chat, program }: Shop): Promise<number> {
  const start = performance.now()
  const { id } = await wechat.complain({
    appid: program.appid,
    text: `第 ${Math.round(start * 1000)} 位顾客`,
    nickname: '顾客',
  })
  const text = wechat.complaint(id)?.text ?? ''
  for (;;) {
    if (chat.posts.some((post) => post.say.card?.quote === text)) return performance.now() - start
    await new Promise((resolve) => setImmediate(resolve))
  }
}

import type { TestChat } from '../test/support/chat.ts'
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
  const text = `第 ${Math.round(start * 1000)} 位顾客`
  const posted = once(chat.posts, text)
  await wechat.complain({ appid: program.appid, text, nickname: '顾客' })
  return (await posted) - start
}

const watched = new WeakMap<object, Map<string, (at: number) => void>>()

/** When the card of that text is posted. One look a millisecond for all who wait: many lookers would be the load that is measured. */
function once(posts: TestChat['posts'], text: string): Promise<number> {
  const waiting = watched.get(posts) ?? watch(posts)
  return new Promise((resolve) => waiting.set(text, resolve))
}

function watch(posts: TestChat['posts']): Map<string, (at: number) => void> {
  const waiting = new Map<string, (at: number) => void>()
  watched.set(posts, waiting)
  let seen = 0
  setInterval(() => {
    for (const post of posts.slice(seen)) {
      const text = post.say.card?.quote ?? ''
      waiting.get(text)?.(performance.now())
      waiting.delete(text)
    }
    seen = posts.length
  }, 1).unref()
  return waiting
}

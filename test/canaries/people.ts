import type { Api } from '../support/admin-api.ts'

/** Waits for the real clock. @throws when it does not come to be */
export async function until<Value>(
  what: string,
  look: () => Value | Promise<Value>,
  ms = 40_000,
): Promise<NonNullable<Value>> {
  for (const end = Date.now() + ms; ; ) {
    const found = await look()
    if (found) return found as NonNullable<Value>
    if (Date.now() > end) throw new Error(`waited in vain: ${what}`)
    await new Promise((resolve) => setTimeout(resolve, 25))
  }
}

export interface Entry {
  readonly id: string
  readonly by?: string
  readonly text?: string
  readonly card?: {
    readonly title: string
    readonly buttons: readonly { readonly label: string; readonly token: string }[]
  }
}

/** The chat page as a browser speaks to it. */
export interface Page {
  say(who: string, chat: string, text: string, more?: object): Promise<readonly Entry[]>
  read(who: string, chat: string): Promise<readonly Entry[]>
  /** The button of that label on the newest card of that title. */
  press(who: string, chat: string, title: string, label: string): Promise<readonly Entry[]>
  picture(bytes: Buffer): Promise<string>
  /** All that this person reads there, as it came over the wire. */
  raw(who: string, chat: string): Promise<string>
}

/** @param address with the key that lets in */
export async function openPage(address: string): Promise<Page & { readonly cookie: string }> {
  const { origin } = new URL(address)
  const front = await fetch(address, { redirect: 'manual' })
  const cookie = front.headers.get('set-cookie')?.split(';')[0] ?? ''
  const ask = async (path: string, body?: string | Buffer) => {
    const posting = body === undefined ? {} : { method: 'POST', body: new Uint8Array(Buffer.from(body)) }
    const answer = await fetch(`${origin}${path}`, { ...posting, headers: { cookie, origin } })
    return answer.text()
  }
  const raw: Page['raw'] = (who, chat) => ask(`/api/rooms/${encodeURIComponent(chat)}?as=${who}`)
  const read: Page['read'] = async (who, chat) => JSON.parse(await raw(who, chat)).entries ?? []
  const after = async (who: string, chat: string, act: () => Promise<string>) => {
    const seen = new Set((await read(who, chat)).map(({ id }) => id))
    const outcome = await act()
    if (outcome.includes('"refused')) throw new Error(outcome)
    return (await read(who, chat)).filter(({ id }) => !seen.has(id))
  }
  return {
    ...{ cookie, raw, read },
    say: (who, chat, text, more = {}) =>
      after(who, chat, () => ask('/api/say', JSON.stringify({ as: who, chat, text, ...more }))),
    async press(who, chat, title, label) {
      const entry = (await read(who, chat)).findLast(
        ({ card }) => card?.title.includes(title) && card.buttons.some((one) => one.label === label),
      )
      const button = entry?.card?.buttons.find((one) => one.label === label)
      if (!entry || !button) throw new Error(`no button ${label} on ${title}: ${await raw(who, chat)}`)
      return after(who, chat, () =>
        ask('/api/press', JSON.stringify({ as: who, chat, post: entry.id, token: button.token })),
      )
    },
    picture: async (bytes) => JSON.parse(await ask('/api/pictures', bytes)).id,
  }
}

/** What was made, or why not. */
export async function made(api: Api, path: string, body: object) {
  const { status, json } = await api('POST', path, body)
  if (status >= 300) throw new Error(`POST ${path}: ${status} ${JSON.stringify(json)}`)
  return json
}

import { group, people, type World } from '../../support/world.ts'
import type { Talk, Who } from './talk.ts'

interface Entry {
  readonly id: string
  readonly by?: string
  readonly text?: string
  readonly card?: Card
}

interface Card {
  readonly title: string
  readonly lines: readonly { readonly label: string; readonly text: string }[]
  readonly quote?: string
  readonly note?: string
  readonly buttons: readonly { readonly label: string; readonly token: string }[]
}

interface Asked {
  readonly post: string
  readonly prompt: string
  readonly suggest: readonly string[]
  readonly offers: readonly { readonly label: string }[]
}

/** What the page shows at once where the person acted. */
interface Outcome {
  readonly toast?: string
  readonly message?: string
}

const textOf = ({ text, card }: Entry): string =>
  [
    text,
    card?.title,
    ...(card?.lines.map((line) => `${line.label} ${line.text}`) ?? []),
    card?.quote,
    card?.note,
    ...(card?.buttons.map(({ label }) => label) ?? []),
  ]
    .filter(Boolean)
    .join('\n')

const questionOf = ({ prompt, suggest, offers }: Asked): string =>
  [prompt, ...suggest, ...offers.map(({ label }) => label)].join('\n')

/** People at the page of the browser chat: the page's own requests, without the page. */
export async function inBrowser(w: World): Promise<Talk> {
  const { origin } = new URL(w.address())
  const first = await fetch(w.address(), { redirect: 'manual' })
  const cookie = (first.headers.get('set-cookie') ?? '').split(';')[0] ?? ''
  const get = async <Body>(path: string) => (await (await fetch(origin + path, { headers: { cookie } })).json()) as Body
  const post = async <Body>(path: string, body: string | Uint8Array<ArrayBuffer>) =>
    (await (await fetch(origin + path, { method: 'POST', headers: { cookie, origin }, body })).json()) as Body

  const entries = async (who: Who) =>
    (await get<{ entries: readonly Entry[] }>(`/api/rooms/${group}?as=${people[who].id}`)).entries
  const ours = async (who: Who) => (await entries(who)).filter(({ by }) => by === undefined)
  const asked = async (who: Who) =>
    (await get<{ asks: readonly { ask: Asked }[] }>(`/api/rooms?as=${people[who].id}`)).asks[0]?.ask
  const upload = async (photo: Buffer) => (await post<{ id: string }>('/api/pictures', new Uint8Array(photo))).id

  async function act(who: Who, path: string, body: object): Promise<string> {
    const before = new Set((await ours(who)).map(({ id }) => id))
    const { toast, message } = await post<Outcome>(
      `/api/${path}`,
      JSON.stringify({ as: people[who].id, chat: group, ...body }),
    )
    if (message) throw new Error(message)
    await w.settle()
    const question = await asked(who)
    const said = (await ours(who)).filter(({ id }) => !before.has(id)).map(textOf)
    return [toast, ...said, question && questionOf(question)].filter(Boolean).join('\n')
  }
  async function say(who: Who, text: string, photos: readonly Buffer[] = [], more: object = {}): Promise<string> {
    const pictures = []
    for (const photo of photos) pictures.push(await upload(photo))
    return act(who, 'say', { text, pictures, ...more })
  }
  async function card(who: Who, title: string): Promise<{ readonly id: string; readonly card: Card }> {
    const all = await ours(who)
    const found = all.findLast((entry) => entry.card?.title.startsWith(title))
    if (!found?.card) throw new Error(`no card ${title} in:\n${all.map(textOf).join('\n---\n')}`)
    return { id: found.id, card: found.card }
  }
  async function keep(who: Who, title: string, label: string): Promise<() => Promise<string>> {
    const { id, card: shown } = await card(who, title)
    const button = shown.buttons.find((one) => one.label === label)
    if (!button) throw new Error(`no button ${label} on ${title}: ${shown.buttons.map((one) => one.label)}`)
    return () => act(who, 'press', { post: id, token: button.token })
  }
  return {
    lively: true,
    say: (who, words, photos) => say(who, words, photos),
    async answer(who, words, photos) {
      const question = await asked(who)
      if (!question) throw new Error(`${who} was asked nothing`)
      return say(who, words, photos, { replyTo: question.post })
    },
    press: async (...args) => (await keep(...args))(),
    keep,
    look: async () => undefined,
    labels: async (who, title) => (await card(who, title)).card.buttons.map(({ label }) => label),
    async read(who) {
      const question = await asked(who)
      return [...(await ours(who)).map(textOf), ...(question ? [questionOf(question)] : [])]
    },
    calm: w.settle,
  }
}

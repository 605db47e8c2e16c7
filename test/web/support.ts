import type { Answer } from '../../src/chat/chat.ts'
import { alone, type Person } from '../support/chat.ts'
import { publicUrl } from '../support/public-url.ts'
import { group, type World } from '../support/world.ts'

export interface Shown {
  readonly status: number
  readonly headers: Headers
  readonly html: string
  /** Without marks, on one line. */
  readonly words: string
}

export interface FormSeen {
  readonly label: string
  readonly fields: Readonly<Record<string, string>>
}

const entities = (text: string) => text.replace(/&#(\d+);/g, (_, code: string) => String.fromCharCode(Number(code)))

export const wordsOf = (html: string): string =>
  entities(
    html
      .replace(/<(script|style)[\s\S]*?<\/\1>/g, '')
      .replace(/<[^>]+>/g, ' ')
      .replace(/\s+/g, ' '),
  ).trim()

/** Every form of a page, by the words on its button. */
export const formsOf = (html: string): readonly FormSeen[] =>
  [...html.matchAll(/<form\b[^>]*>([\s\S]*?)<\/form>/g)].map(([, inner = '']) => ({
    label: wordsOf(inner.match(/<button[^>]*>([\s\S]*?)<\/button>/)?.[1] ?? ''),
    fields: Object.fromEntries(
      [...inner.matchAll(/<input type="hidden" name="([^"]*)" value="([^"]*)">/g)].map(([, name = '', value = '']) => [
        name,
        entities(value),
      ]),
    ),
  }))

/** A browser without a script: keeps cookies, follows nothing by itself. */
export function surfer(w: World) {
  let cookie = ''
  const at = (address: string) => address.replace(publicUrl, w.url)
  async function shown(response: Response): Promise<Shown> {
    const set = response.headers.get('set-cookie')
    if (set) cookie = set.split(';')[0] ?? ''
    const html = await response.text()
    return { status: response.status, headers: response.headers, html, words: wordsOf(html) }
  }
  return {
    get: async (address: string, headers: Record<string, string> = {}) =>
      shown(await fetch(at(address), { redirect: 'manual', headers: { ...(cookie && { cookie }), ...headers } })),
    post: async (address: string, fields: Readonly<Record<string, string | readonly Blob[]>> = {}) => {
      const form = new FormData()
      for (const [name, value] of Object.entries(fields))
        for (const each of typeof value === 'string' ? [value] : value) form.append(name, each)
      const init = { method: 'POST', redirect: 'manual', body: form, headers: { ...(cookie && { cookie }) } } as const
      return shown(await fetch(at(address), init))
    },
    cookie: () => cookie,
  }
}

export type Surfer = ReturnType<typeof surfer>

/** The address that an answer gives. */
export const addressIn = ({ text, toast }: Answer): string => {
  const [address = ''] = /https?:\/\/\S+/.exec(text ?? toast ?? '') ?? []
  return address
}

/** The link on the newest card in the group. */
export function cardAddress(w: World, title = '#1'): string {
  const { link } = w.chat.card(group, title).card
  if (!link) throw new Error('no link on the card')
  return link.url
}

/** A member inside, by an own link. */
export async function enter(w: World, who: Person, n = 1) {
  const link = addressIn(await w.chat.say(who, alone(who), `/link ${n}`))
  const browser = surfer(w)
  const opened = await browser.post(link)
  const address = new URL(opened.headers.get('location') ?? '', link).href
  const page = {
    browser,
    link,
    address,
    now: await browser.get(address),
    /** Presses what reads so on the page as it was shown last. */
    async press(label: string, more: Readonly<Record<string, string | readonly Blob[]>> = {}): Promise<Shown> {
      const form = formsOf(page.now.html).find((one) => one.label === label)
      if (!form) throw new Error(`no "${label}" among ${formsOf(page.now.html).map((one) => one.label)}`)
      page.now = await browser.post(address, { ...form.fields, ...more })
      await w.settle()
      return page.now
    },
    async look(): Promise<Shown> {
      page.now = await browser.get(address)
      return page.now
    },
  }
  return page
}

export const labels = ({ html }: Shown): readonly string[] => formsOf(html).map(({ label }) => label)

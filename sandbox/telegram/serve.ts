import { type Served, type ServeOptions, serve } from '../serve.ts'
import type { Telegram } from './telegram.ts'

/** Telegram on 127.0.0.1: the Bot API, files, the page. Takes a little more than the biggest file, so that too big is Telegram's to say. */
export async function serveTelegram(telegram: Telegram, options: ServeOptions = {}): Promise<Served> {
  const served = await serve(telegram, { maxBody: 64 * 1024 * 1024, ...options })
  telegram.listensAt(served.url)
  return served
}

import { deliverByHttp } from '../../sandbox/deliver.ts'
import type { Deliver } from '../../sandbox/wire.ts'

/** By what the world calls Redress: WeChat Pay and Telegram take nothing but https. */
export const publicUrl = 'https://redress.example'

/** Carries what the world sends to that name; whoever else is named there is not on this machine. */
export const behindPublicUrl =
  (where: () => string): Deliver =>
  async (push, signal) =>
    push.url.startsWith(`${publicUrl}/`)
      ? deliverByHttp({ ...push, url: push.url.replace(publicUrl, where()) }, signal)
      : { status: 404, headers: {}, body: Buffer.alloc(0) }

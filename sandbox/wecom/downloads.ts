import { createCipheriv } from 'node:crypto'
import type { Clock } from '../../src/core/clock.ts'
import { reply, type SandboxReply } from '../wire.ts'
import { hex } from './random.ts'
import type { File } from './state.ts'
import type { Json, Random } from './wecom.ts'

export interface Downloads {
  /** An address of its own with a key of its own, as callbacks carry it. */
  offer(file: File): Json
  answer(pathname: string): SandboxReply
  forget(): void
}

export interface Where {
  readonly clock: Clock
  readonly random: Random
  readonly mediaMs: () => number
  readonly baseUrl: () => string
}

/** What people sent, encrypted for whoever has the callback. */
export function createDownloads({ clock, random, mediaMs, baseUrl }: Where): Downloads {
  const offered = new Map<string, { readonly name: string; readonly sealed: Buffer; readonly at: number }>()
  const live = (at: number) => clock.now() - at < mediaMs()
  return {
    offer({ name, bytes }) {
      const id = hex(random, 40)
      const key = random(32)
      offered.set(id, { name, sealed: seal(key, bytes), at: clock.now() })
      return { url: `${baseUrl()}/media/${id}`, aeskey: key.toString('base64') }
    },
    answer(pathname) {
      const found = offered.get(pathname.replace('/media/', ''))
      if (!found || !live(found.at)) return reply(403, 'text/plain', 'Request has expired')
      const made = reply(200, 'application/octet-stream', found.sealed)
      return { ...made, headers: { ...made.headers, 'content-disposition': disposition(found.name) } }
    },
    forget() {
      for (const [id, { at }] of offered) if (!live(at)) offered.delete(id)
    },
  }
}

function seal(key: Buffer, bytes: Buffer): Buffer {
  const cipher = createCipheriv('aes-256-cbc', key, key.subarray(0, 16)).setAutoPadding(false)
  const pad = 32 - (bytes.length % 32)
  return Buffer.concat([cipher.update(bytes), cipher.update(Buffer.alloc(pad, pad)), cipher.final()])
}

function disposition(name: string): string {
  const plain = name.replace(/[^\x20-\x7e]|["\\]/g, '_')
  const coded = encodeURIComponent(name).replace(/['()*]/g, (c) => `%${c.charCodeAt(0).toString(16).toUpperCase()}`)
  return `attachment; filename="${plain}"; filename*=UTF-8''${coded}`
}

import { randomBytes } from 'node:crypto'
import { createKey, type NewKey } from '../../src/storage/keys.ts'
import type { Database } from '../../src/storage/open.ts'

export interface ApiAnswer {
  readonly status: number
  readonly headers: Headers
  // biome-ignore lint/suspicious/noExplicitAny: tests look into answers whose shape they assert.
  readonly json: any
}

/** The admin API of a whole Redress, over HTTP. */
export type Api = (
  method: string,
  path: string,
  body?: unknown,
  headers?: Readonly<Record<string, string>>,
) => Promise<ApiAnswer>

/** A key that was put there, as the first start does. @returns its text */
export async function adminKey(storage: Database, more: Partial<NewKey> = {}): Promise<string> {
  const text = randomBytes(24).toString('hex')
  await storage.transaction((tx) => createKey(tx, { name: 'program', access: 'write', ...more, text }))
  return text
}

export const apiAt =
  (url: string, key: string): Api =>
  async (method, path, body, headers = {}) => {
    const answer = await fetch(`${url}/admin/v1${path}`, {
      method,
      headers: {
        ...{ authorization: `Bearer ${key}`, connection: 'close' },
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...(method === 'PATCH' ? { 'if-match': '*' } : {}),
        ...headers,
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    })
    const text = await answer.text()
    return { status: answer.status, headers: answer.headers, json: text === '' ? undefined : JSON.parse(text) }
  }

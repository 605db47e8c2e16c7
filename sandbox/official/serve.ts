import { type Served, type ServeOptions, serve } from '../serve.ts'
import type { Official } from './official.ts'

/** An official account's platform on 127.0.0.1: the API, the pictures of codes, the page under /sandbox/. */
export const serveOfficial = (official: Official, options: ServeOptions = {}): Promise<Served> =>
  serve(official, options)

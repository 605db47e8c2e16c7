import { type Served, type ServeOptions, serve } from '../serve.ts'
import type { Sms } from './sms.ts'

/** Tencent Cloud SMS on 127.0.0.1: the API at `/`, the page under /sandbox/. */
export const serveSms = (sms: Sms, options: ServeOptions = {}): Promise<Served> => serve(sms, options)

import type { Api } from './api.ts'
import { authApis } from './auth-api.ts'
import { moneyApis } from './money-api.ts'
import { riskApis } from './risk-api.ts'
import { tradeApis } from './trade-api.ts'

// The fixed paths of v3 stand before the one with a number in it.
const all: readonly Api[] = [...riskApis, ...tradeApis, ...moneyApis, ...authApis]

export const byName = (name: string | undefined): Api | undefined => all.find((one) => one.name === name)

export const byPath = (method: string, path: string): Api | undefined =>
  all.find(({ v3 }) => v3?.method === method && v3.path.test(path))

import { test } from 'vitest'
import { fuzz } from '../support/api-fuzz.ts'

test(
  'whatever is asked of accounts, it is answered as the document says, and nothing gets out',
  () => fuzz('accounts', 7_500),
  600_000,
)

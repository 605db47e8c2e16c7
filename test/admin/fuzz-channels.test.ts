import { test } from 'vitest'
import { fuzz } from '../support/api-fuzz.ts'

test(
  'whatever is asked of channels, it is answered as the document says, and nothing gets out',
  () => fuzz('channels', 8_000),
  600_000,
)

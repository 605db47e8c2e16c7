import { test } from 'vitest'
import { fuzz } from '../support/api-fuzz.ts'

test(
  'whatever is asked of installation, it is answered as the document says, and nothing gets out',
  () => fuzz('installation', 6_000),
  600_000,
)

import { test } from 'vitest'
import { fuzz } from '../support/api-fuzz.ts'

test(
  'whatever is asked of complaints, it is answered as the document says, and nothing gets out',
  () => fuzz('complaints', 2_500),
  600_000,
)

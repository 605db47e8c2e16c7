import { z } from 'zod'
import { flag, name, secret, tenantHandle } from './fields.ts'
import { none, operation, tenantOperation } from './operation.ts'
import { exportTenant } from './tenant-export.ts'
import { tenantFile } from './tenant-file.ts'
import { type Imported, importTenant } from './tenant-import.ts'

const wish = z.strictObject(
  {
    /** Kept in no audit: it is as long as a business is large. */
    file: tenantFile.meta(secret),
    /** In place of the one in the file. */
    handle: tenantHandle.exactOptional(),
    name: name('the name of the business').exactOptional(),
    /** false: everything is tried and said, and nothing is kept. */
    apply: flag.default(false),
  },
  'a JSON object with file',
)

const imported = z.object({
  applied: z.boolean(),
  /** Absent where nothing was kept. */
  id: z.string().exactOptional(),
  handle: z.string(),
  name: z.string(),
  /** How many of each. */
  made: z.record(z.string(), z.number()),
  /** What a person must still do: accounts, bots and channels come switched off, without their secrets; rules come switched off. */
  needs: z.array(z.object({ what: z.string(), name: z.string(), needs: z.string() })).readonly(),
})

export const tenantFileOperations = [
  operation({
    id: 'importTenant',
    method: 'post',
    path: '/tenants/import',
    summary:
      'Sets a business up from what another one was exported to; unless apply is true, only says what would come of it',
    query: none,
    body: wish,
    status: 200,
    answer: imported,
    async run({ parts, body: { file: given, handle, name: called, apply } }) {
      const file = {
        ...given,
        tenant: { ...given.tenant, ...(handle ? { handle } : {}), ...(called ? { name: called } : {}) },
      }
      const done = apply
        ? await parts.storage.transaction((tx) => importTenant(parts, tx, file))
        : await tried((into) =>
            parts.storage.transaction(async (tx) => {
              into(await importTenant(parts, tx, file))
              throw notKept
            }),
          )
      return {
        applied: apply,
        ...(apply ? { id: done.id } : {}),
        handle: file.tenant.handle,
        name: file.tenant.name,
        made: countsOf(file),
        needs: done.needs,
      }
    },
  }),
  tenantOperation({
    id: 'exportTenant',
    method: 'get',
    path: '/export',
    summary: 'Gives all that a business is set up from, without secrets, addresses and complaints',
    query: none,
    body: none,
    status: 200,
    answer: z.looseObject({ redress: z.literal('tenant'), version: z.literal(1) }),
    run: ({ parts, tenant }) => exportTenant(parts.storage.reads, parts.platforms, tenant),
  }),
]

const notKept = new Error('tried only')

/** Done, looked at, and rolled back. */
async function tried(run: (into: (done: Imported) => void) => Promise<unknown>): Promise<Imported> {
  let done: Imported | undefined
  await run((imported) => {
    done = imported
  }).catch((error) => {
    if (error !== notKept) throw error
  })
  if (!done) throw new Error('nothing was tried')
  return done
}

const countsOf = (file: z.output<typeof tenantFile>): Record<string, number> =>
  Object.fromEntries(
    Object.entries(file).flatMap(([what, items]) => (Array.isArray(items) ? [[what, items.length]] : [])),
  )

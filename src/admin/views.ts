import type { Operation } from './operation.ts'
import type { Views } from './write.ts'

/** What shows the thing that an operation changes: the GET of its own path; of what is done to a thing, the GET of that thing; and of what is added, the GET below. */
export function viewsOf(operation: Operation, all: readonly Operation[]): Views {
  const { method, path } = operation
  if (method !== 'post') return named('whole', getAt(all, path))
  const added = all.find((one) => one.method === 'get' && below(path).test(one.path))
  if (added) return { added }
  const over = path.replace(/\/[^/:]+$/, '')
  // What has no name of its own and is never changed is a list; a business is more than what is done in it.
  const isThing = /:(?!tenant\b)\w+$/.test(over) || all.some((one) => one.method === 'patch' && one.path === over)
  return named('whole', isThing && over !== '/tenants/:tenant' ? getAt(all, over) : undefined)
}

const getAt = (all: readonly Operation[], path: string) => all.find((one) => one.method === 'get' && one.path === path)

const below = (path: string) => new RegExp(`^${path}/:\\w+$`)

const named = (name: 'whole', view: Operation | undefined): Views => (view ? { [name]: view } : {})

interface Named {
  readonly method: 'get' | 'post' | 'patch' | 'delete'
  readonly path: string
  readonly status: number
  readonly answer: { readonly def?: unknown }
}

/**
 * `listAccounts`, `getAccount`, `createAccount`, `changeAccount`, `removeAccount`; what is done to one (`POST …/accounts/:account/import`): `importAccount`.
 * A segment before a parameter is one of several; the last of a path is what it says.
 */
export function nameOf(of: Named): string {
  const segments = of.path
    .replace(/^\/tenants\/:tenant(?=\/)/, '')
    .split('/')
    .slice(1)
  const words = segments.flatMap((segment, at) => {
    if (segment.startsWith(':')) return []
    return [segments[at + 1]?.startsWith(':') ? singular(segment) : segment]
  })
  const last = words.at(-1) ?? ''
  const ends = segments.at(-1)?.startsWith(':')
  switch (of.method) {
    case 'get':
      return camel([ends || !isList(of) ? 'get' : 'list', ...words])
    case 'patch':
      return camel(['change', ...words])
    case 'delete':
      return camel(['remove', ...words])
    case 'post':
      return camel(
        of.status === 201 ? ['create', ...words.slice(0, -1), singular(last)] : [last, ...words.slice(0, -1)],
      )
  }
}

const isList = ({ answer }: Named): boolean => {
  const { def } = answer
  return typeof def === 'object' && def !== null && 'shape' in def && 'items' in (def.shape as object)
}

const singular = (word: string): string => word.replace(/ies$/, 'y').replace(/([^s])s$/, '$1')

const camel = (words: readonly string[]): string =>
  words
    .flatMap((word) => word.split('-'))
    .map((word, at) => (at === 0 ? word : word.charAt(0).toUpperCase() + word.slice(1)))
    .join('')

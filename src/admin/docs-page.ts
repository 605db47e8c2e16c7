import { createHash } from 'node:crypto'
import express, { type Router } from 'express'
import helmet from 'helmet'
import { openApi, tagOf } from './openapi.ts'
import type { Operation } from './operation.ts'
import { operations } from './operations.ts'

type Fields = Readonly<Record<string, unknown>>

/** Mounted at /admin/docs: what the document says, as one page without scripts, fonts or pictures. */
export function docsPage({ version }: { readonly version: string }): Router {
  const page = pageOf(openApi(operations, version))
  const router = express.Router()
  router.use(
    helmet({
      contentSecurityPolicy: {
        useDefaults: false,
        directives: {
          defaultSrc: ["'none'"],
          styleSrc: [`'sha256-${createHash('sha256').update(style).digest('base64')}'`],
          baseUri: ["'none'"],
          formAction: ["'none'"],
          frameAncestors: ["'none'"],
        },
      },
    }),
  )
  router.get('/', (_, response) => void response.type('html').send(page))
  return router
}

export function pageOf(document: ReturnType<typeof openApi>): string {
  const { info, paths } = document as { info: Record<string, string>; paths: Record<string, Record<string, Fields>> }
  const described = operations.map((operation) => ({
    operation,
    said: paths[operation.path.replace(/:(\w+)/g, '{$1}')]?.[operation.method] ?? {},
  }))
  const tags = [...new Set(operations.map(tagOf))]
  const of = (tag: string) => described.filter(({ operation }) => tagOf(operation) === tag)
  return `<!doctype html><html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>${text(info.title)}</title><style>${style}</style>
<header><h1>${text(info.title)} <small>${text(info.version)}</small></h1><p>${text(info.description)}</p>
<p>Below <code>/admin/v1</code>, with <code>Authorization: Bearer &lt;key&gt;</code>. For tools: <a href="/admin/v1/openapi.json">openapi.json</a>.</p></header>
<div><nav>${tags
    .map(
      (tag) =>
        `<h2>${text(tag)}</h2><ul>${of(tag)
          .map(({ operation }) => entry(operation))
          .join('')}</ul>`,
    )
    .join('')}</nav>
<main>${tags
    .map(
      (tag) =>
        `<section><h2>${text(tag)}</h2>${of(tag)
          .map(({ operation, said }) => article(operation, said))
          .join('')}</section>`,
    )
    .join('')}</main></div></html>`
}

const entry = ({ id, summary }: Operation): string =>
  `<li><a href="#${id}" title="${text(summary)}">${text(id)}</a></li>`

function article({ id, method, path, summary }: Operation, said: Fields): string {
  const parameters = list(said.parameters)
  const body = schemaIn(said.requestBody)
  const responses = Object.entries(fields(said.responses))
  const answer = responses.map(([, response]) => schemaIn(response)).find((schema) => schema !== undefined)
  return `<article id="${id}"><h3><b class="${method}">${method.toUpperCase()}</b> <code>${text(path)}</code></h3>
<p>${text(summary)} <a href="#${id}">#</a></p><details><summary>${text(id)}</summary>
${parameters.length > 0 ? `<h4>Parameters</h4><ul>${parameters.map(parameter).join('')}</ul>` : ''}
${body ? `<h4>Body</h4>${properties(body)}` : ''}
${answer ? `<h4>Answer</h4>${properties(answer)}` : ''}
<h4>Statuses</h4><ul>${responses.map(([status, of]) => `<li><b>${status}</b> ${text(fields(of).description)}</li>`).join('')}</ul>
</details></article>`
}

const parameter = (of: Fields): string =>
  line({
    name: String(of.name),
    required: of.required === true,
    kind: `${text(of.in)}, ${kindOf(fields(of.schema))}`,
    more: text(of.description),
  })

/** What an object is made of, and what that is made of. */
function properties(schema: Fields): string {
  const inside = fields(schema.properties)
  const required = list(schema.required) as readonly unknown[]
  const names = Object.entries(inside)
  if (names.length === 0) return schema.items ? properties(fields(schema.items)) : ''
  return `<ul>${names
    .map(([name, each]) => {
      const of = fields(each)
      return line({
        name,
        required: required.includes(name),
        kind: kindOf(of),
        more: limits(of),
        below: properties(of),
      })
    })
    .join('')}</ul>`
}

interface Line {
  readonly name: string
  readonly required: boolean
  readonly kind: string
  readonly more: string
  readonly below?: string
}

const line = ({ name, required, kind, more, below = '' }: Line): string =>
  `<li><code>${text(name)}</code>${required ? '<sup title="required">*</sup>' : ''} <i>${kind}</i> ${more}${below}</li>`

function kindOf(schema: Fields): string {
  const either = [...list(schema.anyOf), ...list(schema.oneOf)]
  if (either.length > 0) return [...new Set(either.map((each) => kindOf(fields(each))))].join(' or ')
  if (Array.isArray(schema.enum)) return schema.enum.map((each) => text(JSON.stringify(each))).join(' | ')
  if (schema.const !== undefined) return text(JSON.stringify(schema.const))
  if (schema.type === 'array') return `list of ${kindOf(fields(schema.items))}`
  return text(Array.isArray(schema.type) ? schema.type.join(' or ') : (schema.type ?? 'anything'))
}

const limitNames = [
  'minimum',
  'maximum',
  'minLength',
  'maxLength',
  'minItems',
  'maxItems',
  'pattern',
  'default',
] as const

const limits = (schema: Fields): string =>
  [
    ...(schema.writeOnly === true ? ['never shown'] : []),
    // zod writes the ends of safe integers where nobody set an end.
    ...limitNames
      .filter((name) => schema[name] !== undefined && Math.abs(Number(schema[name])) !== Number.MAX_SAFE_INTEGER)
      .map((name) => `${name} <code>${text(name === 'pattern' ? schema[name] : JSON.stringify(schema[name]))}</code>`),
  ].join(', ')

const schemaIn = (of: unknown): Fields | undefined => {
  const schema = fields(fields(fields(of).content)['application/json']).schema
  return schema === undefined ? undefined : fields(schema)
}

const fields = (value: unknown): Fields => (typeof value === 'object' && value !== null ? (value as Fields) : {})
const list = (value: unknown): readonly Fields[] => (Array.isArray(value) ? value : [])
const text = (value: unknown): string =>
  String(value ?? '').replace(/[&<>"']/g, (letter) => `&#${letter.charCodeAt(0)};`)

const style = `
:root{color-scheme:light dark;--soft:#8884;--blue:#2563eb;--green:#15803d;--red:#b91c1c;--amber:#b45309}
@media(prefers-color-scheme:dark){:root{--blue:#7aa8ff;--green:#4ade80;--red:#fca5a5;--amber:#fbbf24}}
*{box-sizing:border-box}
body{margin:0;font:15px/1.5 system-ui,sans-serif;overflow-wrap:anywhere}
header,nav,main{padding:1rem 1.25rem}header{border-bottom:1px solid var(--soft)}header p{max-width:70ch;margin:.4rem 0}
h1{margin:0;font-size:1.4rem}h1 small{opacity:.6;font-weight:400}h2{font-size:1.05rem;margin:1.2rem 0 .4rem}
h3{font-size:1rem;margin:0}h4{margin:.8rem 0 .2rem}
ul{margin:.2rem 0;padding-left:1.1rem}nav ul{list-style:none;padding:0}nav a,details summary{line-height:1.9}
a{color:var(--blue);text-decoration:none}code{font-size:.92em}i{opacity:.75;font-style:normal}sup{color:var(--red)}
article{border:1px solid var(--soft);border-radius:8px;padding:.7rem .9rem;margin:.6rem 0;scroll-margin-top:.5rem}
article p{margin:.3rem 0}article:target{outline:2px solid var(--blue)}summary{cursor:pointer}
b.get{color:var(--green)}b.post{color:var(--blue)}b.patch{color:var(--amber)}b.delete{color:var(--red)}
nav{columns:2 10rem;font-size:.9em}
@media(min-width:60rem){body>div{display:grid;grid-template-columns:16rem minmax(0,56rem);gap:1rem}
nav{columns:auto;position:sticky;top:0;height:100vh;overflow:auto;border-right:1px solid var(--soft)}}
`

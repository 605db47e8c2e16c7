import { addressOf, readJson, type SandboxRequest } from '../wire.ts'
import type { Body } from './acts.ts'
import type { Call, House, Turned } from './call.ts'
import { isProblem, type Problem, refuse } from './errors.ts'
import { hasWideCharacter } from './fields.ts'
import { readUpload } from './images.ts'
import { routes } from './routes.ts'

/** Headers, path, signature, body: in this order. */
export function readCall(house: House, request: SandboxRequest): Call | Turned {
  const { pathname, searchParams: query } = addressOf(request)
  const { accept, 'user-agent': agent } = request.headers
  if (!accept || !agent) return { problem: refuse('INVALID_REQUEST', '头部信息不完整') }
  const route = routes.find((one) => one.method === request.method && one.path.test(pathname))
  if (!route) return { problem: refuse('RESOURCE_NOT_EXISTS', '请求的接口不存在') }
  const upload = route.on === 'upload' ? readUpload(request) : undefined
  if (route.on === 'upload' && !upload) return { problem: refuse('PARAM_ERROR', '缺少 meta') }
  const merchant = house.authorization.check(request, upload?.meta ?? request.body)
  if (isProblem(merchant)) return { problem: merchant }
  const body = route.body ? readBody(request) : {}
  if (isProblem(body)) return { problem: body, merchant }
  const id = route.path.exec(pathname)?.[1] ?? ''
  return { on: route.on, merchant, ...route.read({ house, merchant, query, id, body, upload }) }
}

function readBody({ headers, body }: SandboxRequest): Body | Problem {
  if (!/^application\/json\b/i.test(headers['content-type'] ?? '')) return refuse('INVALID_REQUEST', '头部信息不完整')
  const json = readJson(body)
  if (!json) return refuse('PARAM_ERROR', '请求体不是合法的 JSON')
  return hasWideCharacter(body.toString('utf8')) ? refuse('PARAM_ERROR', '不支持四字节 UTF-8 字符') : json
}

import type { Act, Body, ReadAct } from './acts.ts'
import { type House, json, type Knock, type Outcome, type Read } from './call.ts'
import type { Complaint } from './complaint.ts'
import { listComplaints, listHistory } from './complaint-list.ts'
import { showDetail, type Viewer } from './complaint-view.ts'
import { isProblem, type Problem, refuse } from './errors.ts'
import type { Merchant } from './merchant.ts'
import type { Quirks } from './rules.ts'

const viewer = (house: House, merchant: Merchant, quirks?: Partial<Quirks>): Viewer => ({
  images: house.images,
  key: house.authorization.keyOf(merchant),
  quirks: { ...house.quirks(), ...quirks },
})

export function list({ house, merchant, query }: Knock): ReturnType<Read> {
  const { rules } = house
  return {
    run: ({ quirks } = {}) =>
      json(
        listComplaints({
          merchant,
          query,
          complaints: house.register.all(),
          rules,
          viewer: viewer(house, merchant, quirks),
        }),
      ),
  }
}

type Look = (knock: Knock, complaint: Complaint, quirks: Partial<Quirks> | undefined) => Outcome

export function aboutComplaint(look: Look): Read {
  return (knock) => ({
    complaint: knock.id,
    run({ quirks } = {}) {
      const found = find(knock)
      return isProblem(found) ? found : look(knock, found, quirks)
    },
  })
}

export function detail({ house, merchant }: Knock, complaint: Complaint, quirks: Partial<Quirks> | undefined): Outcome {
  return { json: showDetail(complaint, viewer(house, merchant, quirks)) }
}

export function history(knock: Knock, complaint: Complaint, quirks: Partial<Quirks> | undefined): Outcome {
  const { house, merchant, query } = knock
  return json(listHistory(complaint, { query, rules: house.rules, viewer: viewer(house, merchant, quirks) }))
}

// WeChat Pay docs, service providers: a complaint of a merchant that is not yours is NO_AUTH.
function find({ house, merchant, id }: Knock): Complaint | Problem {
  const found = house.register.find(merchant, id)
  if (found) return found
  return house.register.get(id)
    ? refuse('NO_AUTH', '无权限操作该投诉单')
    : refuse('RESOURCE_NOT_EXISTS', '投诉单不存在')
}

export function act(
  read: ReadAct,
  answer: (after: Complaint, before: Act) => Body | undefined = () => undefined,
): Read {
  return (knock) => {
    const { house, merchant, id, body } = knock
    return {
      complaint: id,
      body,
      run() {
        const complaint = find(knock)
        if (isProblem(complaint)) return complaint
        const wish = read(house, merchant, complaint, body)
        if (isProblem(wish)) return wish
        const after = house.register.merchantPlays(complaint, wish)
        if (!after) return refuse('INVALID_REQUEST', '当前单据状态不支持操作，请检查是否重复调用')
        const told = answer(after, wish)
        return told ? { json: told } : 'done'
      },
    }
  }
}

export function lastLog({ history: talks }: Complaint): Body {
  return { log_id: talks.at(-1)?.logId ?? '' }
}

export function upload({ house, merchant, upload: sent }: Knock): ReturnType<Read> {
  return { run: () => (sent ? json(house.images.upload(merchant.mchid, sent)) : refuse('PARAM_ERROR')) }
}

export function image({ house, merchant, id }: Knock): ReturnType<Read> {
  return {
    run() {
      const found = house.images.download(merchant, id)
      return isProblem(found) ? found : { picture: found }
    },
  }
}

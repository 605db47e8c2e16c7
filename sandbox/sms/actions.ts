import type { Body } from '../desk.ts'
import type { Core } from './core.ts'
import type { Refusal } from './errors.ts'
import type { Field } from './fields.ts'
import { pullAll, pullByNumber, sendRecords, signList, templateList } from './lists.ts'
import type { CallName } from './misbehave.ts'
import { sendSms } from './send.ts'

export interface Action {
  readonly on: CallName
  readonly fields: Readonly<Record<string, Field>>
  run(core: Core, secretId: string, body: Body): Refusal | Readonly<Record<string, unknown>>
}

const needed = (kind: Field['kind']): Field => ({ kind, needed: true })
const number: Field = { kind: 'number' }
const text: Field = { kind: 'string' }

/** What can be asked for, as far as a sender needs it (notifications.md §1.1, §1.3, §1.4, §1.6). */
export function createActions(): Readonly<Record<string, Action>> {
  const read = new Set<string>()
  return {
    SendSms: {
      on: 'send',
      fields: {
        PhoneNumberSet: needed('strings'),
        SmsSdkAppId: needed('string'),
        TemplateId: needed('string'),
        SignName: text,
        TemplateParamSet: { kind: 'strings' },
        ExtendCode: text,
        SessionContext: text,
        SenderId: text,
      },
      run: sendSms,
    },
    DescribeSendRecordList: {
      on: 'records',
      fields: {
        PhoneNumber: needed('string'),
        SmsSdkAppId: needed('string'),
        BeginTime: needed('number'),
        EndTime: number,
        Limit: number,
        Offset: number,
      },
      run: sendRecords,
    },
    PullSmsSendStatusByPhoneNumber: {
      on: 'pull',
      fields: {
        BeginTime: needed('number'),
        Offset: needed('number'),
        Limit: needed('number'),
        PhoneNumber: needed('string'),
        SmsSdkAppId: needed('string'),
        EndTime: number,
      },
      run: pullByNumber,
    },
    PullSmsSendStatus: {
      on: 'pull',
      fields: { Limit: needed('number'), SmsSdkAppId: needed('string') },
      run: (core, secretId, body) => pullAll(core, secretId, body, read),
    },
    DescribeSmsTemplateList: {
      on: 'templates',
      fields: { International: needed('number'), TemplateIdSet: { kind: 'numbers' }, Limit: number, Offset: number },
      run: templateList,
    },
    DescribeSmsSignList: {
      on: 'signs',
      fields: { International: needed('number'), SignIdSet: { kind: 'numbers' }, Limit: number, Offset: number },
      run: signList,
    },
  }
}

import { mistakes } from './mutants.ts'
import { simulate } from './suite.ts'
import { wechatPay } from './wechat-pay.ts'

simulate({ side: wechatPay, schedules: 300, mistakes, blind: 40 })

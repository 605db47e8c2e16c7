import { alipay } from './alipay.ts'
import { mistakes, mistakesAtAlipay } from './mutants.ts'
import { simulate } from './suite.ts'

simulate({ side: alipay, schedules: 120, mistakes: [...mistakes, ...mistakesAtAlipay], blind: 10 })

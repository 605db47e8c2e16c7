import type { Template } from './template.ts'

type Starter = Pick<Template, 'name' | 'text' | 'for'>

/** What a new business begins with, by its language. */
export const starters: Readonly<Record<'zh-CN' | 'en', readonly Starter[]>> = {
  'zh-CN': [
    {
      name: '致歉并补发',
      text: '您好，非常抱歉给您带来不便。订单 {订单号} 我们会尽快为您补发，发出后请留意物流信息。',
      for: ['agree', 'talk'],
    },
    {
      name: '已安排退款',
      text: '您好，非常抱歉给您带来不便。订单 {订单号} 的退款已为您安排，预计 1–3 个工作日原路退回，请留意到账。',
      for: ['agree', 'talk'],
    },
    {
      name: '请提供照片',
      text: '您好，为了尽快为您处理，请补充照片：外包装、商品整体和有问题的部位各一张。我们收到后马上核实。',
      for: ['talk'],
    },
    {
      name: '已按约定发货',
      text: '您好，订单 {订单号} 已按约定发货，请您核对物流信息。如果没有收到，请告诉我们，我们马上核实。',
      for: ['refuse', 'talk', 'reject'],
    },
  ],
  en: [
    {
      name: 'Sorry, sending again',
      text: 'We are sorry for the trouble. We will send the goods of order {order} again soon; please look out for the tracking.',
      for: ['agree', 'talk'],
    },
    {
      name: 'Refund arranged',
      text: 'We are sorry for the trouble. The refund of order {order} is arranged and will reach you within 1–3 working days.',
      for: ['agree', 'talk'],
    },
    {
      name: 'Photos, please',
      text: 'To put this right soon we need photos: of the parcel, of the goods, and of what is wrong with them. We look at them at once.',
      for: ['talk'],
    },
    {
      name: 'Shipped as agreed',
      text: 'Order {order} was shipped as agreed; please check its tracking. If it has not arrived, tell us and we look into it at once.',
      for: ['refuse', 'talk', 'reject'],
    },
  ],
}

/** A complaint as customers write them. */
export interface Sample {
  readonly type: number
  readonly nickname: string
  readonly product: string
  /** Fen. */
  readonly amount: number
  readonly photos: number
  readonly text: string
}

export const samples: readonly Sample[] = [
  {
    type: 642,
    nickname: '林小满',
    product: '景德镇手绘茶具 7 件套',
    amount: 23_800,
    photos: 2,
    text: '收到的时候外箱压扁了，打开两只杯子已经碎了，盖碗也有裂纹。联系客服让我自己找快递赔，我只想换一套好的或者退款。',
  },
  {
    type: 611,
    nickname: '阿杰',
    product: '便携折叠风扇（白）',
    amount: 8900,
    photos: 0,
    text: '下单时写的 48 小时内发货，今天第六天了还显示待发货，催了三次都说“已加急”，天都凉了。',
  },
  {
    type: 613,
    nickname: '王女士',
    product: '新疆和田大枣 5 斤 × 2',
    amount: 6990,
    photos: 1,
    text: '买的是两箱，只收到一箱，物流显示只有一个包裹。客服说仓库没少发，要我提供开箱视频。',
  },
  {
    type: 621,
    nickname: '老周',
    product: '净水器滤芯（三支装）',
    amount: 15_800,
    photos: 1,
    text: '滤芯型号装不上，三天里给客服发了七条消息，一条都没回，电话也打不通，请帮忙处理退货。',
  },
  {
    type: 614,
    nickname: '小熊饼干',
    product: '云南鲜花饼 20 枚',
    amount: 4980,
    photos: 1,
    text: '物流停在中转站五天没动，鲜花饼保质期就半个月，到了也不敢吃了，申请退款。',
  },
  {
    type: 641,
    nickname: '陈默',
    product: '纯棉四件套 1.8 m',
    amount: 32_900,
    photos: 2,
    text: '页面写的是 60 支长绒棉，吊牌上成分是聚酯纤维 65 %，摸起来就不是棉，属于虚假描述。',
  },
  {
    type: 612,
    nickname: '夏至',
    product: '演唱会周边 T 恤',
    amount: 19_900,
    photos: 0,
    text: '付款以后商家说这个价格是标错的，不肯发货，让我自己申请取消。价格是你们标的，为什么不认？',
  },
  {
    type: 675,
    nickname: '刘一手',
    product: '月度会员',
    amount: 2500,
    photos: 1,
    text: '同一个月会员扣了两次 25 元，客服说系统没有问题，账单截图里明明有两笔。',
  },
  {
    type: 631,
    nickname: '糖糖妈妈',
    product: '儿童防晒霜买一送一',
    amount: 12_800,
    photos: 1,
    text: '活动写买一送一，只寄来一支。问客服说赠品送完了，可是下单前页面上没有说。',
  },
  {
    type: 676,
    nickname: 'Leo',
    product: '自动续费套餐',
    amount: 3000,
    photos: 0,
    text: '我没有开通自动续费，今天突然被扣了 30 元，请说明理由并退款。',
  },
  {
    type: 678,
    nickname: '安安爸爸',
    product: '游戏点券 648',
    amount: 64_800,
    photos: 1,
    text: '孩子 9 岁，用奶奶的手机误付了 648 元，可以提供户口本和监护人证明，希望退款。',
  },
  {
    type: 643,
    nickname: '山里人家',
    product: '山东红富士苹果 5 斤装',
    amount: 1990,
    photos: 3,
    text: '苹果烂了六个，剩下的也都有磕碰，卖家只肯赔 3 块钱，太欺负人了。',
  },
]

/** A complaint as customers write them. */
export interface Sample {
  readonly source: 'risk' | 'trade'
  readonly subject: string
  /** Fen. */
  readonly amount: number
  readonly photos: number
  readonly text: string
}

export const samples: readonly Sample[] = [
  {
    source: 'risk',
    subject: '短视频会员年卡',
    amount: 19_800,
    photos: 1,
    text: '弹窗点了一下就自动续费 198 元，找不到取消的地方，客服电话是空号，要求退款。',
  },
  {
    source: 'trade',
    subject: '手工曲奇礼盒',
    amount: 12_800,
    photos: 2,
    text: '收到的时候盒子压扁了，曲奇碎了一大半，联系商家说等两天，已经等了一周。',
  },
  {
    source: 'risk',
    subject: '健身房季卡',
    amount: 89_900,
    photos: 0,
    text: '门店已经关门，负责人失联，还有两个月没有用，要求退还剩余费用。',
  },
  {
    source: 'trade',
    subject: '二手相机镜头',
    amount: 156_000,
    photos: 1,
    text: '描述写的是九成新，收到发现镜片有霉斑，商家拒绝退货。',
  },
  {
    source: 'risk',
    subject: '洗车次卡 10 次',
    amount: 29_900,
    photos: 0,
    text: '扫码支付了两次，同一笔 299 元被扣了两回，只认一回。',
  },
]

/** A complaint as customers write them. */
export interface Sample {
  readonly type: 'REFUND' | 'SERVICE_NOT_WORK' | 'OTHERS'
  readonly product: string
  /** Fen. */
  readonly amount: number
  readonly photos: number
  readonly text: string
}

export const samples: readonly Sample[] = [
  {
    type: 'REFUND',
    product: '亲子游泳体验课',
    amount: 19_900,
    photos: 1,
    text: '预约的时间场馆临时停业，没有任何通知，白跑一趟。申请全额退款，前台说要等老板回来。',
  },
  {
    type: 'SERVICE_NOT_WORK',
    product: '视频会员季卡',
    amount: 6800,
    photos: 1,
    text: '付款成功两天了会员还没到账，客服机器人一直让我重新登录。',
  },
  {
    type: 'OTHERS',
    product: '奶茶两杯（大杯）',
    amount: 3800,
    photos: 0,
    text: '点了两杯只做了一杯，店员说系统里只有一杯，可是我付了两杯的钱。',
  },
  {
    type: 'REFUND',
    product: '共享充电宝',
    amount: 9900,
    photos: 1,
    text: '充电宝当场就还了，机器显示归还成功，第二天还是按押金扣了 99 元。',
  },
  {
    type: 'REFUND',
    product: '蓝牙耳机',
    amount: 15_900,
    photos: 2,
    text: '左耳没有声音，七天无理由退回去了，签收五天不退款，电话打不通。',
  },
  {
    type: 'OTHERS',
    product: '停车费',
    amount: 1500,
    photos: 0,
    text: '同一次停车被收了两次钱，都是 15 元，请退还重复的一笔。',
  },
]

import type { Dice } from './chance.js';

/** What customers say, by what they suffer. Own wording; slots in braces are filled by `sayComplaint`. */
export type Grievance =
  | 'outage'
  | 'long_outage'
  | 'planned_outage'
  | 'low_voltage'
  | 'high_voltage'
  | 'phase_loss'
  | 'broken_neutral'
  | 'not_reconnected'
  | 'other';

const OPENINGS = [
  '',
  '',
  '你好，',
  '您好，我想问一下，',
  '喂，供电局吗？',
  '我要投诉，',
  '麻烦你们看一下，',
  '反映一个问题：',
] as const;
const CLOSINGS = [
  '',
  '',
  '请尽快处理。',
  '麻烦回个电话。',
  '再不处理我就打12398了。',
  '谢谢。',
  '家里有老人小孩，很着急。',
  '希望给个准话。',
] as const;

const TEXTS: Record<Grievance, readonly string[]> = {
  outage: [
    '{place}这边突然没电了，整栋楼都黑了，什么时候能来电？',
    '我们{place}从{when}开始停电，到现在没人管，也没收到通知。',
    '家里没电了，空气开关没跳，隔壁邻居也都没有，地址是{place}。',
    '{place}停电了，电梯里还关着人，赶紧派人来。',
    '刚才听到外面“砰”的一声，然后{place}就全停了。',
    '店里{when}就没电，冰柜里的东西都要坏了，到底是什么原因停电？',
    '{place}一片都没有电，打了两次电话都说在核实。',
    '正在上网课断电了，{place}，问问是不是线路故障。',
    '整个寨子都停了，抽不起水，{place}，帮忙查一下。',
    '跳闸了？{place}全黑，路灯都不亮。',
  ],
  long_outage: [
    '{place}从{when}停到现在，都{hours}个小时了还没修好，你们抢修队在干什么？',
    '停电{hours}小时了，打电话问只会说正在抢修，到底几点来电？',
    '已经停了一整天，{place}，冰箱里的菜全坏了，要求赔偿。',
    '抢修人员来看了一眼就走了，{place}到现在{hours}个小时还是没有电。',
    '旁边小区都来电了，就我们{place}还黑着，停了{hours}个小时。',
  ],
  planned_outage: [
    '{place}停电了，根本没有提前通知，单元门口也没贴告示。',
    '短信说停到下午，现在都过点了还没来电，{place}。',
    '为什么又停电检修？我们店{when}停到现在，一天生意没法做。',
    '{place}检修停电时间太长了，能不能分段停？',
    '停电通知贴到隔壁小区去了，我们{place}一点准备都没有。',
  ],
  low_voltage: [
    '{place}电压太低，空调带不动，一开就跳。',
    '晚上灯泡昏黄昏黄的，电饭煲一个小时煮不熟饭，{place}。',
    '一到吃饭时间电压就不够，电磁炉显示故障，{place}好多家都这样。',
    '水泵启动不了，师傅量了说只有一百八十几伏，{place}。',
    '{place}电压不稳，电视一闪一闪的，冰箱嗡嗡响不制冷。',
    '我们村每天晚上电压低得洗衣机都转不动，反映过好几次没人管。',
    '充电桩老是报欠压，车充不进去，{place}。',
  ],
  high_voltage: [
    '{place}电压偏高，这个月烧了两个灯泡一个机顶盒。',
    '中午用电表量到二百四十多伏，家电会不会烧坏？{place}。',
    '路由器和电视都烧了，师傅说是电压太高，要求你们来检测。',
    '光伏装了以后我家电压老往上窜，热水器保护停机，{place}。',
  ],
  phase_loss: [
    '家里有一半的插座没电，{place}，隔壁楼正常。',
    '车间电机转不起来，电工说缺了一相，{place}。',
    '三楼有电二楼没电，一个单元一半黑一半亮，{place}。',
    '三相电少了一相，机器烧了谁负责？{place}。',
  ],
  broken_neutral: [
    '灯一下特别亮一下特别暗，电视冒烟了，{place}，快来人！',
    '家里电压忽高忽低，烧了好几样电器，邻居家也是，{place}。',
    '插座量出来二百六十多伏，另一家只有一百七，是不是零线断了？{place}。',
  ],
  not_reconnected: [
    '电费{when}就交清了，怎么还不给我送电？户号{account}。',
    '欠的钱连违约金都在网上交了，到现在家里还是没电，你们说话不算数。',
    '交完费打电话登记过复电，等了{hours}个小时没有人来，{place}。',
    '我已经缴清了，APP上显示余额正常，为什么还停着我的电？',
  ],
  other: [
    '这个月电费比上个月多了一倍，我人都不在家，怎么算的？',
    '想问一下装充电桩要带什么资料，跑了两趟营业厅都说不一样。',
    '抄表员把别人家的催费单贴到我门上，影响很不好。',
    '营业厅只开一个窗口，排了一个多小时队。',
    '电表一直走得飞快，申请校表半个月没人联系我。',
    '申请三相电报装，一个月了还没有人来勘察。',
    '门口那根电杆歪了，下雨天看着害怕，能不能来扶正。',
    '你们95598的接线员态度很差，话没说完就挂了。',
    '微信公众号绑定不了户号，老是提示系统繁忙。',
    '收费员让我交现金不给开票，这合规吗？',
  ],
};

/** Words that give away where the caller lives. */
const OF_TOWN = /电梯|整栋|单元|小区|三楼/;
const OF_VILLAGE = /寨子|村|水泵/;

/** What fills the slots. */
export interface ComplaintSlots {
  place: string;
  /** How long ago it began, milliseconds. */
  sinceMs: number;
  /** Hour of the local day at which it began. */
  beganHour: number;
  /** False when it began on an earlier day. */
  beganToday: boolean;
  accountNo: string;
}

/** One complaint in a customer's words. */
export function sayComplaint(grievance: Grievance, slots: ComplaintSlots, dice: Dice): string {
  const { beganHour } = slots;
  const part =
    beganHour < 6 ? '凌晨' : beganHour < 12 ? '上午' : beganHour < 14 ? '中午' : beganHour < 18 ? '下午' : '晚上';
  const clock = `${part}${beganHour > 12 ? beganHour - 12 : beganHour}点多`;
  const when =
    slots.sinceMs < 20 * 60_000
      ? dice.pick(['刚才', '十来分钟前'])
      : dice.pick(slots.beganToday ? [clock, `今天${clock}`] : [`昨天${clock}`]);
  const village = slots.place.includes('村');
  const fitting = TEXTS[grievance].filter((text) => !(village ? OF_TOWN : OF_VILLAGE).test(text));
  const body = dice
    .pick(fitting)
    .replaceAll('{place}', slots.place)
    .replaceAll('{when}', when)
    .replaceAll('{hours}', String(Math.max(1, Math.floor(slots.sinceMs / 3_600_000))))
    .replaceAll('{account}', slots.accountNo);
  return dice.pick(OPENINGS) + body + dice.pick(CLOSINGS);
}

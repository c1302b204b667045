import type { Language } from '../register/customer-rows.js';
import type { SupplyAnswer } from './supply-answer.js';
import type { DisconnectionFact } from './supply-facts.js';
import { sayInstant } from './supply-texts.js';

type Text = Record<Language, string>;

/** What the call taker should do, in order. `limitHours` is the promise after payment in full. */
export function adviseCallTaker(answer: SupplyAnswer, language: Language, limitHours: number): string[] {
  return advice(answer, language, limitHours).map((text) => text[language]);
}

function advice(
  { supply, cause, estimatedRestorationAt }: SupplyAnswer,
  language: Language,
  limitHours: number,
): Text[] {
  switch (cause.kind) {
    case 'disconnection':
      return forDisconnection(cause.fact, language, limitHours);
    case 'outage':
      return [
        untilWhen(estimatedRestorationAt, language),
        {
          'zh-CN': '停电事件已在处理，登记来电并关联，不重复派单',
          en: 'the outage is in hand: record the call and link it, do not send another crew',
        },
      ];
    case 'planned':
      return supply === 'live'
        ? [
            {
              'zh-CN': '台区实测有电：客户若无电，按户内或表前故障报修',
              en: 'the transformer has supply: if the customer has none, record a fault of the premises or the service line',
            },
          ]
        : [untilWhen(estimatedRestorationAt, language)];
    case 'episode':
      return [
        {
          'zh-CN': '电压异常已监测到并预警，告知正在处理；提醒客户先断开贵重电器',
          en: 'the trouble is measured and warned of: say that it is in hand, and that sensitive appliances are best switched off',
        },
      ];
    case 'dead':
    case 'silent':
      return [REPAIR_ORDER];
    case 'none':
      return [
        {
          'zh-CN': '请客户检查漏电保护器和户内开关',
          en: 'ask the customer to look at the residual-current device and the switches of the premises',
        },
        {
          ...REPAIR_ORDER,
          'zh-CN': `仍无电：${REPAIR_ORDER['zh-CN']}`,
          en: `if there is still no supply: ${REPAIR_ORDER.en}`,
        },
      ];
  }
  return cause satisfies never;
}

// Fields and the five minutes: 95598 work rules as described by the Shanxi call centre.
const REPAIR_ORDER: Text = {
  'zh-CN': '登记故障报修（现象、时间、地点、范围、联系人），5 分钟内派单',
  en: 'record a fault report (symptom, time, place, extent, contact) and dispatch it within 5 min',
};

const untilWhen = (at: number | null, language: Language): Text => {
  const when = at === null ? '' : sayInstant(at, language);
  return at === null
    ? {
        'zh-CN': '暂无预计复电时间：告知正在查明，有消息将短信通知',
        en: 'there is no estimate yet: say that it is being worked out and will be sent by SMS',
      }
    : { 'zh-CN': `告知预计 ${when} 恢复供电`, en: `say that supply is expected back at ${when}` };
};

function forDisconnection(
  { reason, claimedAt, order }: DisconnectionFact,
  language: Language,
  limitHours: number,
): Text[] {
  if (claimedAt !== null) {
    return [
      {
        'zh-CN': '复电未经实测：询问客户是否已有电，请客户检查漏电保护器和户内开关',
        en: 'supply was not measured: ask whether it is back, and have the residual-current device and the switches looked at',
      },
      {
        ...REPAIR_ORDER,
        'zh-CN': `仍无电：${REPAIR_ORDER['zh-CN']}`,
        en: `if there is still no supply: ${REPAIR_ORDER.en}`,
      },
    ];
  }
  if (reason !== 'arrears') {
    return [
      {
        'zh-CN': '告知复电办理程序，不派故障报修工单',
        en: 'explain how re-supply is applied for; do not record a fault',
      },
    ];
  }
  if (order === null) {
    return [
      {
        'zh-CN': `告知交费方式；电费和违约金交清后 ${limitHours} 小时内复电`,
        en: `say how to pay; supply returns within ${limitHours} h after bill and penalty are paid in full`,
      },
    ];
  }
  if (order.state === 'breached') {
    return [
      {
        'zh-CN': '已超过复电时限：致歉，立即转派现场复电',
        en: 'the promise is broken: apologise, and have a crew restore supply at once',
      },
    ];
  }
  const due = sayInstant(order.dueAt, language);
  return [
    {
      'zh-CN': `已收到交费，告知最迟 ${due} 复电；复电前请断开电器`,
      en: `payment has arrived: supply returns by ${due}; appliances should be switched off until then`,
    },
  ];
}

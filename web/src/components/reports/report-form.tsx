import { PrinterOutlined } from '@ant-design/icons';
import { Button, Input, Segmented, Space } from 'antd';
import { useState } from 'react';
import { useWords } from '../../data/language.js';
import type { ReportAsk } from '../../data/reports.js';
import { serviceNow, serviceOffsetMinutes } from '../../data/service-clock.js';
import { atOffset } from '../../model/instants.js';
import { boundsOf, presetDays } from '../../model/report-period.js';
import type { Days, Preset } from '../../model/report-period.js';
import { REPORT_TEXTS } from '../../model/report-texts.js';
import type { ReportTexts } from '../../model/report-texts.js';

type By = keyof ReportTexts['by'];

/** What was asked for, and its days in the words of a heading. */
export interface Asked {
  ask: ReportAsk;
  days: Days;
}

const today = (): string => atOffset(serviceNow(), serviceOffsetMinutes()).slice(0, 10);

/** The report that a screen opens with: this year. */
export function firstAsk(by: By = 'area'): Asked {
  const days = presetDays('year', today());
  const bounds = boundsOf(days);
  return { days, ask: { from: bounds?.from ?? '', to: bounds?.to ?? '', by } };
}

interface ReportFormProps {
  begin: Asked;
  choices: readonly By[];
  /** Minutes that an interruption must exceed, to choose from; none where it does not matter. */
  sustained: readonly number[];
  isBusy: boolean;
  onAsk: (asked: Asked) => void;
}

/** Period, area and breakdown of a report. */
export function ReportForm({ begin, choices, sustained, isBusy, onAsk }: ReportFormProps) {
  const texts = useWords(REPORT_TEXTS);
  const [days, setDays] = useState(begin.days);
  const [area, setArea] = useState('');
  const [by, setBy] = useState(begin.ask.by as By);
  const [limit, setLimit] = useState(0);
  const bounds = boundsOf(days);
  const run = (): void => {
    if (bounds === null) return;
    const named = area.trim() === '' ? {} : { area: area.trim() };
    onAsk({ days, ask: { ...bounds, by, ...named, ...(limit === 0 ? {} : { sustained: limit }) } });
  };
  const field = (name: keyof Days) => (
    <input
      type="date"
      className="instant-input"
      value={days[name]}
      aria-label={texts[name]}
      onChange={(event) => setDays({ ...days, [name]: event.target.value })}
    />
  );
  return (
    <form
      className="report-form not-printed"
      onSubmit={(event) => {
        event.preventDefault();
        run();
      }}
    >
      <Space wrap>
        {field('first')}
        <span className="faint">{texts.last}</span>
        {field('last')}
        {(['month', 'lastMonth', 'year'] as const satisfies Preset[]).map((preset) => (
          <Button key={preset} size="small" onClick={() => setDays(presetDays(preset, today()))}>
            {texts.preset[preset]}
          </Button>
        ))}
      </Space>
      <Input
        className="report-area"
        allowClear
        value={area}
        onChange={(event) => setArea(event.target.value)}
        placeholder={texts.everywhere}
        aria-label={texts.area}
        maxLength={100}
      />
      <Segmented<By>
        value={by}
        onChange={setBy}
        aria-label={texts.byLabel}
        options={choices.map((value) => ({ value, label: texts.by[value] }))}
      />
      {sustained.length > 0 && (
        <Segmented<number>
          value={limit}
          onChange={setLimit}
          aria-label={texts.sustained}
          options={[0, ...sustained].map((value) => ({
            value,
            label: value === 0 ? `${texts.sustained} ${texts.byPolicy}` : texts.over(value),
          }))}
        />
      )}
      <Space>
        <Button type="primary" htmlType="submit" loading={isBusy} disabled={bounds === null}>
          {texts.run}
        </Button>
        <Button icon={<PrinterOutlined />} onClick={() => window.print()}>
          {texts.print}
        </Button>
      </Space>
    </form>
  );
}

import type { ReactNode } from 'react';
import { useWords } from '../../data/language.js';
import { serviceNow, serviceOffsetMinutes } from '../../data/service-clock.js';
import { atOffset } from '../../model/instants.js';
import { REPORT_TEXTS } from '../../model/report-texts.js';
import type { Asked } from './report-form.js';
import '../../styles/sheets.css';
import '../../styles/reports.css';

interface ReportHeadProps {
  title: string;
  asked: Asked;
  policyVersion: number;
  more?: ReactNode;
}

/** What the figures below are about; on paper nothing else says so. */
export function ReportHead({ title, asked, policyVersion, more }: ReportHeadProps) {
  const texts = useWords(REPORT_TEXTS);
  const made = atOffset(serviceNow(), serviceOffsetMinutes()).slice(0, 16).replace('T', ' ');
  return (
    <header className="report-head">
      <h2>{title}</h2>
      <p>
        {texts.period(asked.days.first, asked.days.last)} · {asked.ask.area ?? texts.everywhere}
        {more !== undefined && <> · {more}</>} · {texts.basis(policyVersion)}
        <span className="only-printed"> · {texts.made(made)}</span>
      </p>
    </header>
  );
}

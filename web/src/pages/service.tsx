import { useState } from 'react';
import { May } from '../components/may.js';
import { Panel } from '../components/panel.js';
import { firstAsk, ReportForm } from '../components/reports/report-form.js';
import { ReportHead } from '../components/reports/report-frame.js';
import { ServiceTable } from '../components/reports/service-table.js';
import { WorkbookButton } from '../components/reports/workbook-button.js';
import { useLanguage, useWords } from '../data/language.js';
import { useServiceReport } from '../data/service-quality.js';
import type { ServiceReport } from '../data/service-quality.js';
import { SERVICE_TEXTS } from '../model/service-texts.js';

const CHOICES = ['crew', 'unit', 'agent'] as const;

/** How crews, units and agents kept what was promised, with stars and the formula that they come from. */
export function ServicePage() {
  return (
    <May call="GET /reports/service">
      <Report />
    </May>
  );
}

function Report() {
  const texts = useWords(SERVICE_TEXTS);
  const [begin] = useState(() => firstAsk('crew'));
  const [asked, setAsked] = useState(begin);
  const query = useServiceReport(asked.ask);
  const report = query.data;
  return (
    <>
      <ReportForm begin={begin} choices={CHOICES} sustained={[]} isBusy={query.isFetching} onAsk={setAsked} />
      <Panel
        title={<span className="not-printed">{texts.title}</span>}
        query={query}
        extra={
          report !== undefined && (
            <div className="panel-tools">
              <WorkbookButton report="service" ask={asked.ask} />
            </div>
          )
        }
      >
        {report !== undefined && (
          <div className="report">
            <ReportHead
              title={texts.title}
              asked={asked}
              policyVersion={report.policyVersion}
              more={<span className="not-printed">{texts.openHint}</span>}
            />
            <ServiceTable report={report} ask={asked.ask} />
            <Formula formula={report.formula} />
          </div>
        )}
      </Panel>
    </>
  );
}

function Formula({ formula }: Pick<ServiceReport, 'formula'>) {
  const texts = useWords(SERVICE_TEXTS);
  const isEnglish = useLanguage() === 'en';
  return (
    <section className="panel-note" data-formula>
      <h3>{texts.formula}</h3>
      <p>{isEnglish ? formula.textEn : formula.text}</p>
      <p className="faint">
        {texts.weights}:{' '}
        {Object.entries(formula.weights)
          .map(([part, weight]) => `${texts.part[part] ?? part} ${weight}`)
          .join(' · ')}
        {' · '}
        {texts.starsFrom(formula.starsFrom.map((share) => String(Math.round(share * 100))))} ·{' '}
        {texts.minimum(formula.minimumCases)}
      </p>
    </section>
  );
}

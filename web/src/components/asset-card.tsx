import { Button, Descriptions, Skeleton } from 'antd';
import type { ReactNode } from 'react';
import type { AssetDetail } from '../data/api-types-network.js';
import { useTexts } from '../data/language.js';
import { useAsset } from '../data/network.js';
import { goTo, openOver } from '../data/route.js';
import { shortInstant } from '../model/instants.js';
import { QueryError } from './panel.js';
import { SeverityTag } from './severity-tag.js';

const CUSTOMERS_SHOWN = 60;
const volts = (value: number | null): string => (value === null ? '—' : `${value.toFixed(1)} V`);

/** One thing of the network: where it hangs, how it is, what is wrong at or below it, who hangs on it. */
export function AssetCard({ code }: { code: string }) {
  const { data: asset, error, refetch } = useAsset(code);
  if (asset === undefined)
    return error === null ? <Skeleton active /> : <QueryError error={error} onRetry={() => refetch()} />;
  return <Card asset={asset} />;
}

function Card({ asset }: { asset: AssetDetail }) {
  const texts = useTexts();
  const { lookup } = texts;
  const { live, dead, unknown } = asset.transformers;
  const reading = asset.lastReading;
  const lines: [string, ReactNode][] = [
    [
      lookup.state,
      asset.supply === null
        ? lookup.below(live, dead, unknown)
        : `${lookup.supply[asset.supply]} · ${lookup.since} ${shortInstant(asset.supplySince, null)}`,
    ],
    ...(reading === null
      ? []
      : [
          [
            lookup.reading,
            `${shortInstant(reading.ts, null)} · A ${volts(reading.ua)} · B ${volts(reading.ub)} · C ${volts(reading.uc)}`,
          ] as [string, ReactNode],
        ]),
    ...(asset.terminals.length === 0
      ? []
      : [[lookup.terminals, asset.terminals.map((one) => one.terminal).join(', ')] as [string, ReactNode]]),
  ];
  return (
    <div className="asset-card">
      <nav className="asset-path" aria-label={lookup.assets}>
        {asset.path.map((step) => (
          <Button key={step.code} type="link" size="small" onClick={() => goTo(`/network?q=${step.code}`)}>
            {step.name || step.code}
          </Button>
        ))}
      </nav>
      <Descriptions
        column={1}
        size="small"
        items={lines.map(([label, children]) => ({ key: label, label, children }))}
      />
      <h3>{lookup.warnings}</h3>
      {asset.openWarnings.length === 0 && <p className="faint">{lookup.noWarnings}</p>}
      <ul className="plain-list">
        {asset.openWarnings.map((warning) => (
          <li key={warning.id}>
            <SeverityTag severity={warning.severity} />{' '}
            <button type="button" className="as-link" onClick={() => openOver('warning', warning.id)}>
              {texts.kind[warning.kind] ?? warning.kind}
            </button>{' '}
            <span className="faint">{warning.title}</span>
          </li>
        ))}
      </ul>
      <h3>{lookup.customers(asset.customerCount)}</h3>
      <ul className="plain-list customers">
        {asset.customers.slice(0, CUSTOMERS_SHOWN).map((customer) => (
          <li key={customer.id}>
            <button type="button" className="as-link figure" onClick={() => goTo(`/network?q=${customer.accountNo}`)}>
              {customer.accountNo}
            </button>{' '}
            {customer.name} <span className="faint">{customer.phase}</span>
            {customer.disconnected && <span className="late"> {lookup.cut}</span>}
          </li>
        ))}
        {asset.customers.length > CUSTOMERS_SHOWN && <li className="faint">…</li>}
      </ul>
    </div>
  );
}

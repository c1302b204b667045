import { Select } from 'antd';
import { useState } from 'react';
import { usePolicyDifferences } from '../../data/policy.js';
import type { PolicyVersion } from '../../data/policy.js';
import { useWords } from '../../data/language.js';
import { shortInstant, wallClock } from '../../model/instants.js';
import { POLICY_TEXTS } from '../../model/policy-texts.js';
import { QueryError } from '../panel.js';
import { DifferenceTable } from './difference-table.js';

interface VersionListProps {
  versions: readonly PolicyVersion[];
  shown: number | null;
  onShow: (version: number) => void;
}

/** Who wrote which version, and from when on it counts; the newest first. */
export function VersionList({ versions, shown, onShow }: VersionListProps) {
  const texts = useWords(POLICY_TEXTS);
  // Of those that have begun the one written last is in force: what was written later has not begun yet.
  const inForce = versions.find((one) => one.inForce)?.version ?? 0;
  const stateOf = ({ version }: PolicyVersion): string => {
    if (version === inForce) return texts.inForce;
    return version > inForce ? texts.planned : texts.replaced;
  };
  return (
    <table className="sheet">
      <thead>
        <tr>
          <th scope="col">{texts.number}</th>
          <th scope="col">{texts.from}</th>
          <th scope="col">{texts.by}</th>
          <th scope="col">{texts.note}</th>
        </tr>
      </thead>
      <tbody>
        {versions.map((one) => (
          <tr key={one.version} data-version={one.version} className={one.version === shown ? 'chosen' : undefined}>
            <th scope="row">
              <button type="button" className="as-link" onClick={() => onShow(one.version)}>
                {texts.version(one.version)}
              </button>
              <small className={one.inForce ? 'done' : undefined}>{stateOf(one)}</small>
            </th>
            <td className="figure">
              {Object.values(wallClock(one.effectiveFrom)).join(' ').slice(0, 16)}
              <small>
                {texts.written} {shortInstant(one.recordedAt, null)}
              </small>
            </td>
            <td>
              {one.changedBy}
              <small>{texts.origin[one.origin]}</small>
            </td>
            <td className="policy-source">{one.note || '—'}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

/** What differs between any two versions; begins with what the one in force changed. */
export function VersionComparison({ versions }: { versions: readonly PolicyVersion[] }) {
  const texts = useWords(POLICY_TEXTS);
  const inForce = versions.find((one) => one.inForce)?.version ?? versions[0]?.version ?? 0;
  const [from, setFrom] = useState(Math.max(1, inForce - 1));
  const [to, setTo] = useState(inForce);
  const { data: differences, error, refetch } = usePolicyDifferences(from, to);
  const options = versions.map(({ version }) => ({ value: version, label: texts.version(version) }));
  return (
    <>
      <div className="policy-compare not-printed">
        <Select<number> value={from} onChange={setFrom} options={options} aria-label={texts.before} />
        <span aria-hidden>→</span>
        <Select<number> value={to} onChange={setTo} options={options} aria-label={texts.after} />
      </div>
      <QueryError error={error} onRetry={() => refetch()} />
      {differences !== undefined && <DifferenceTable differences={differences} />}
    </>
  );
}

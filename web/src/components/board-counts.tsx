import type { UseQueryResult } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import type { Board, Severity } from '../data/api-types.js';
import { useTexts } from '../data/language.js';
import { QueryError } from './panel.js';
import { SeverityTag } from './severity-tag.js';

const SEVERITIES: readonly Severity[] = ['critical', 'major', 'minor', 'info'];
const number = new Intl.NumberFormat('en');

/** The figures that are read from the other end of the room. */
export function BoardCounts({ query }: { query: UseQueryResult<Board> }) {
  const texts = useTexts();
  const board = query.data;
  const show = (value: number | undefined): string => (value === undefined ? '–' : number.format(value));
  return (
    <>
      <QueryError error={query.error} onRetry={() => query.refetch()} />
      <div className="counts">
        <Tile
          id="customers"
          label={texts.count.customers}
          value={show(board?.customersWithoutSupply)}
          alarm={(board?.customersWithoutSupply ?? 0) > 0}
        />
        <Tile id="outages" label={texts.count.outages} value={show(board?.outages.open)}>
          {board !== undefined && texts.count.suspected(board.outages.suspected)}
        </Tile>
        <Tile
          id="over-long"
          label={texts.count.overLong(board?.longHours ?? 8)}
          value={show(board?.outages.overLong)}
          alarm={(board?.outages.overLong ?? 0) > 0}
        />
        <Tile
          id="warnings"
          label={texts.count.warnings}
          value={show(board && SEVERITIES.reduce((sum, severity) => sum + board.warnings[severity], 0))}
          wide
        >
          <span className="count-severities">
            {SEVERITIES.map((severity) => (
              <span key={severity} data-count={severity}>
                <SeverityTag severity={severity} /> {show(board?.warnings[severity])}
              </span>
            ))}
          </span>
          {board !== undefined && <span>{texts.count.unacknowledged(board.warnings.unacknowledged)}</span>}
        </Tile>
        <Tile id="unknown" label={texts.count.unknown} value={show(board?.transformers.unknown)}>
          {board !== undefined && texts.count.transformers(board.transformers.live, board.transformers.dead)}
        </Tile>
      </div>
    </>
  );
}

interface TileProps {
  id: string;
  label: string;
  value: string;
  alarm?: boolean;
  wide?: boolean;
  children?: ReactNode;
}

function Tile({ id, label, value, alarm = false, wide = false, children }: TileProps) {
  return (
    <div className={`tile${alarm ? ' tile-alarm' : ''}${wide ? ' tile-wide' : ''}`} data-tile={id}>
      <div className="tile-label">{label}</div>
      <div className="tile-value">{value}</div>
      <div className="tile-more">{children}</div>
    </div>
  );
}

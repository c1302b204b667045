import { useCallback, useMemo, useState } from 'react';
import { BoardCounts } from '../components/board-counts.js';
import { BoardFilters } from '../components/board-filters.js';
import { OutageTable } from '../components/outage-table.js';
import { WarningTable } from '../components/warning-table.js';
import { useBoard } from '../data/board.js';
import { isCut, useOpenOutages, useRestoredOutages } from '../data/outages.js';
import type { Extent, Period } from '../data/outages.js';
import { openOver } from '../data/route.js';
import { useLiveWarnings } from '../data/warnings.js';
import { choices, NO_FILTER, outagesShown, warningsShown } from '../model/filters.js';

const NO_ITEMS: never[] = [];

/** The dispatch board: what is out, how near to a long outage it is, and what somebody must act on. */
export function BoardPage() {
  const board = useBoard();
  const [extent, setExtent] = useState<Extent>('first');
  const outages = useOpenOutages(extent);
  const warnings = useLiveWarnings();
  const [filter, setFilter] = useState(NO_FILTER);
  const [period, setPeriod] = useState<Period>('open');
  const restored = useRestoredOutages(period === 'restored');
  const openOutage = useCallback((id: number) => openOver('outage', id), []);
  const openWarning = useCallback((id: number) => openOver('warning', id), []);

  const allOutages = outages.data ?? NO_ITEMS;
  const allWarnings = warnings.data ?? NO_ITEMS;
  const areas = useMemo(
    () => choices([...allOutages.map((one) => one.rootAsset.area), ...allWarnings.map((one) => one.subject.area)]),
    [allOutages, allWarnings],
  );
  const more = period === 'open' && isCut(extent, allOutages) ? () => setExtent('all') : null;
  const kinds = useMemo(() => choices(allWarnings.map((one) => one.kind)), [allWarnings]);
  const listed = period === 'open' ? outages : restored;
  const shownOutages = useMemo(() => outagesShown(listed.data ?? NO_ITEMS, filter), [listed.data, filter]);
  const shownWarnings = useMemo(() => warningsShown(allWarnings, filter), [allWarnings, filter]);

  return (
    <>
      <BoardCounts query={board} />
      {/* A filter looks at all, and offers the areas of all. */}
      <div onFocus={more ?? undefined}>
        <BoardFilters filter={filter} areas={areas} kinds={kinds} onChange={setFilter} />
      </div>
      <div className="board-columns">
        <OutageTable
          key={extent}
          query={listed}
          onAll={more}
          period={period}
          onPeriod={setPeriod}
          outages={shownOutages}
          longHours={board.data?.longHours ?? 8}
          now={board.data?.now ?? null}
          onOpen={openOutage}
        />
        <WarningTable query={warnings} warnings={shownWarnings} onOpen={openWarning} />
      </div>
    </>
  );
}

import { useMemo } from 'react';
import type { OutageTransformer } from '../data/api-types.js';
import { useTexts } from '../data/language.js';
import { serviceOffsetMinutes, useServiceNow } from '../data/service-clock.js';
import { atOffset, shortInstant } from '../model/instants.js';
import { axisTicks, restorationOf } from '../model/restoration.js';
import type { Restoration } from '../model/restoration.js';

const WIDTH = 580;
const LEFT = 44;
const RIGHT = WIDTH - 12;
const CURVE = { top: 14, bottom: 104 };
const BARS_TOP = 122;
const BARS_HEIGHT = { least: 40, most: 260, each: 14 };
const HOUR_MS = 3_600_000;
const MINUTE_MS = 60_000;

interface PictureProps {
  transformers: readonly OutageTransformer[];
  startedAt: string;
  longHours: number;
}

/** Customers without supply as a curve, and below it one bar for each transformer, from its loss to its return. */
export function RestorationPicture({ transformers, startedAt, longHours }: PictureProps) {
  const texts = useTexts();
  const now = Math.floor(useServiceNow() / MINUTE_MS) * MINUTE_MS;
  const way = useMemo(() => restorationOf(transformers, now), [transformers, now]);
  if (way === null) return null;
  const height = Math.min(BARS_HEIGHT.most, Math.max(BARS_HEIGHT.least, way.bars.length * BARS_HEIGHT.each));
  const bottom = BARS_TOP + height;
  const x = (at: number): number =>
    round(LEFT + Math.max(0, (at - way.shownFrom) / (way.to - way.shownFrom)) * (RIGHT - LEFT));
  const clock = (at: number): string => shortInstant(atOffset(at, serviceOffsetMinutes()), null);
  const limit = Date.parse(startedAt) + longHours * HOUR_MS;
  const summary = texts.steps.summary(way.out, way.most, way.restorations);
  return (
    <figure className="restoration">
      <figcaption>
        {summary}
        {way.shownFrom > way.from && ` · ${texts.steps.shownFrom(clock(way.shownFrom))}`}
      </figcaption>
      <svg viewBox={`0 0 ${WIDTH} ${bottom + 24}`} role="img" aria-label={`${texts.steps.title}: ${summary}`}>
        {axisTicks(way.shownFrom, way.to, 6, serviceOffsetMinutes()).map((at) => (
          <g key={at} className="axis">
            <line x1={x(at)} x2={x(at)} y1={CURVE.top} y2={bottom} />
            <text x={x(at)} y={bottom + 16} textAnchor={x(at) > RIGHT - 30 ? 'end' : 'middle'}>
              {clock(at).slice(-5)}
            </text>
          </g>
        ))}
        <text className="axis-word" x={LEFT - 6} y={CURVE.top + 5} textAnchor="end">
          {way.most}
        </text>
        <text className="axis-word" x={LEFT - 6} y={CURVE.bottom} textAnchor="end">
          0
        </text>
        <path className="course" d={courseOf(way, x)} />
        {way.bars.map((bar, index) => (
          <rect
            key={`${bar.code}/${bar.from}`}
            className={bar.to === null ? 'bar bar-out' : 'bar bar-back'}
            x={x(bar.from)}
            y={round(BARS_TOP + (index * height) / way.bars.length)}
            width={Math.max(1.5, x(bar.to ?? way.to) - x(bar.from))}
            height={round(Math.max(0.8, Math.min(10, (height / way.bars.length) * 0.72)))}
          >
            <title>
              {texts.steps.bar(
                bar.code,
                clock(bar.from),
                bar.to === null ? texts.steps.still : clock(bar.to),
                bar.customers,
              )}
            </title>
          </rect>
        ))}
        {limit > way.shownFrom && limit < way.to && (
          <g className="limit">
            <line x1={x(limit)} x2={x(limit)} y1={CURVE.top} y2={bottom} />
            <text x={x(limit) - 4} y={CURVE.top - 3} textAnchor="end">
              {texts.steps.limit(longHours)}
            </text>
          </g>
        )}
      </svg>
    </figure>
  );
}

/** The curve's outline as a filled path: it only moves sideways and straight up or down, since customers come back at an instant. */
function courseOf(way: Restoration, x: (at: number) => number): string {
  const y = (customers: number): number =>
    round(CURVE.bottom - (customers / Math.max(1, way.most)) * (CURVE.bottom - CURVE.top));
  // What happened before the picture begins lies on its left edge.
  const steps = way.course.map(({ at, customers }) => `H${x(at)}V${y(customers)}`).join('');
  return `M${x(way.shownFrom)} ${CURVE.bottom}${steps}H${x(way.to)}V${CURVE.bottom}Z`;
}

const round = (value: number): number => Math.round(value * 10) / 10;

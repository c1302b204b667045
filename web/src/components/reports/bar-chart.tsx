import { axisEnd } from '../../model/figures.js';

export interface Bar {
  key: string;
  name: string;
  /** Stacked from the left; the tone is a class of styles/reports.css. */
  parts: { tone: string; value: number }[];
  /** Written behind the bar. */
  text: string;
  /** What is not known: the true value lies between. */
  band: { min: number; max: number } | null;
}

const WIDTH = 860;
const LEFT = 190;
const RIGHT = WIDTH - 120;
const ROW = 26;
const TOP = 8;

/** Bars with what is unknown as a whisker. Drawn by hand: a chart library would weigh more than the rest of the screen. */
export function BarChart({ bars, title, legend }: { bars: readonly Bar[]; title: string; legend: [string, string][] }) {
  const end = axisEnd(Math.max(0, ...bars.map((bar) => Math.max(sumOf(bar), bar.band?.max ?? 0))));
  const x = (value: number): number => round(LEFT + (Math.min(value, end) / end) * (RIGHT - LEFT));
  const bottom = TOP + bars.length * ROW;
  return (
    <figure className="bar-chart">
      <figcaption>
        {title}
        {legend.map(([tone, word]) => (
          <span key={tone} className={`legend legend-${tone}`}>
            {word}
          </span>
        ))}
      </figcaption>
      <svg viewBox={`0 0 ${WIDTH} ${bottom + 22}`} role="img" aria-label={title}>
        {[0, 0.25, 0.5, 0.75, 1].map((share) => (
          <g key={share} className="axis">
            <line x1={x(share * end)} x2={x(share * end)} y1={TOP} y2={bottom} />
            <text x={x(share * end)} y={bottom + 16} textAnchor="middle">
              {Number((share * end).toPrecision(3))}
            </text>
          </g>
        ))}
        {bars.map((bar, index) => (
          <BarRow key={bar.key} bar={bar} y={TOP + index * ROW} x={x} />
        ))}
      </svg>
    </figure>
  );
}

function BarRow({ bar, y, x }: { bar: Bar; y: number; x: (value: number) => number }) {
  let from = 0;
  const middle = y + ROW / 2;
  return (
    <g data-bar={bar.key}>
      <text className="bar-name" x={LEFT - 8} y={middle + 4} textAnchor="end">
        {bar.name.length > 13 ? `${bar.name.slice(0, 12)}…` : bar.name}
        <title>{bar.name}</title>
      </text>
      {bar.parts.map(({ tone, value }) => {
        const begin = from;
        from += value;
        return (
          <rect
            key={tone}
            className={`tone-${tone}`}
            x={x(begin)}
            y={y + 5}
            width={round(x(from) - x(begin))}
            height={ROW - 10}
          />
        );
      })}
      {bar.band !== null && bar.band.max > bar.band.min && (
        <path
          className="whisker"
          d={`M${x(bar.band.min)} ${middle}H${x(bar.band.max)}M${x(bar.band.min)} ${middle - 5}v10M${x(bar.band.max)} ${middle - 5}v10`}
        />
      )}
      <text className="bar-value" x={x(Math.max(sumOf(bar), bar.band?.max ?? 0)) + 8} y={middle + 4}>
        {bar.text}
      </text>
    </g>
  );
}

const sumOf = (bar: Bar): number => bar.parts.reduce((sum, { value }) => sum + value, 0);
const round = (value: number): number => Math.round(value * 10) / 10;

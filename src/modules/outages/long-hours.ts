import type { PolicyInForce } from '../../domain/policy-in-force.js';

/** True in SQL of a row of `outage` that has lasted beyond the limit of its area; `parameters` are those of `longParameters`. */
export const isLong = (now: string, byArea: string, others: string): string =>
  `started_at <= ${now}::timestamptz - make_interval(secs => 3600 * coalesce((${byArea}::jsonb ->> area)::float8, ${others}))`;

/** What `isLong` asks for: the instant, the limits in hours of areas that differ, and everybody else's. */
export const longParameters = (now: number, { areas, policy }: PolicyInForce): [Date, string, number] => [
  new Date(now),
  JSON.stringify(Object.fromEntries([...areas].map(([area, own]) => [area, own.policy.outage.longHours]))),
  policy.outage.longHours,
];

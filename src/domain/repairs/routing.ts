import { CATEGORIES, CATEGORY_NAMES } from '../complaints/complaint.js';
import { choice, optionalPhone, optionalText, text } from '../register/column.js';
import type { Column } from '../register/column.js';

/** What is routed: the twelve categories of complaints, and the other business of a call or counter. `default` is what nothing else fits. */
export const BUSINESSES = [
  ...CATEGORIES,
  'repair',
  'reconnection',
  'opinion',
  'suggestion',
  'change',
  'refund',
  'other',
  'default',
] as const;
export type Business = (typeof BUSINESSES)[number];

export const BUSINESS_NAMES: Readonly<Record<Business, string>> = {
  ...CATEGORY_NAMES,
  repair: '故障抢修',
  reconnection: '复电',
  opinion: '意见',
  suggestion: '建议',
  change: '用电变更',
  refund: '退费',
  other: '其他',
  default: '默认',
};

const given = (maxLength: number): Column<string> => ({ read: text(maxLength).read });

/** Columns of the routing table's import. An empty area = everywhere. */
export const ROUTE_COLUMNS = {
  business: choice(BUSINESSES),
  area: text(100),
  unit: given(200),
  person: optionalText(100),
  phone: optionalPhone(),
};

/** One line of the routing table. */
export interface Route {
  business: Business;
  /** '' = everywhere. */
  area: string;
  unit: string;
  person: string | null;
}

/** Who is responsible and which line says so; or that none does. */
export type Routed = { route: Route; why: 'business_and_area' | 'business' | 'default' } | { route: null; why: Said };

interface Said {
  zh: string;
  en: string;
}

/** The line of the business and area, else of the business anywhere, else the default unit of the area, else the default unit. Nothing is guessed. */
export function routeTo(business: Business, area: string, routes: readonly Route[]): Routed {
  const find = (business: Business, area: string): Route | undefined =>
    routes.find((route) => route.business === business && route.area === area);
  const exact = area === '' ? undefined : find(business, area);
  if (exact !== undefined) return { route: exact, why: 'business_and_area' };
  const anywhere = find(business, '');
  if (anywhere !== undefined) return { route: anywhere, why: 'business' };
  const fallback = find('default', area) ?? find('default', '');
  if (fallback !== undefined) return { route: fallback, why: 'default' };
  return {
    route: null,
    why: {
      zh: `${BUSINESS_NAMES[business]}（${area === '' ? '片区不明' : area}）没有责任单位：请在路由表中登记，或人工指定`,
      en: `no unit is responsible for ${business} in ${area === '' ? 'an unknown area' : area}: add a line to the routing table, or name one by hand`,
    },
  };
}

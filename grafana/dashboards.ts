import type { Dashboard } from '@grafana/grafana-foundation-sdk/dashboard';
import { dispatchDashboard } from './dispatch.dashboard.js';
import { serviceDashboard } from './service.dashboard.js';

/** Every dashboard as the text of its file in `grafana/dashboards/`. */
export function dashboardFiles(): Record<string, string> {
  const text = (dashboard: Dashboard): string => `${JSON.stringify(dashboard, null, 2)}\n`;
  return {
    'dispatch.json': text(dispatchDashboard()),
    'service.json': text(serviceDashboard()),
  };
}

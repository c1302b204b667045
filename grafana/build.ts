import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { dashboardFiles } from './dashboards.js';

/** Writes the dashboards to where Grafana's provisioning reads them (`npm run grafana:build`, run in the project's folder). */
for (const [file, text] of Object.entries(dashboardFiles())) {
  writeFileSync(join('grafana', 'dashboards', file), text);
}

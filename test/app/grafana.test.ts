import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { parse } from 'yaml';
import { dashboardFiles } from '../../grafana/dashboards.js';
import { isInstalled, startPrometheus } from '../support/prometheus.js';
import { ADMIN_KEY, eventually, useService } from '../support/service.js';

const ROOT = join(import.meta.dirname, '../..');
const RULES = join(ROOT, 'grafana/alerts/lamplighter.rules.yml');

interface Panel {
  title: string;
  targets?: { expr: string }[];
  panels?: Panel[];
}
interface Rules {
  groups: { rules: { alert: string; expr: string; annotations: Record<string, string> }[] }[];
}

const panelsOf = (panels: readonly Panel[]): Panel[] =>
  panels.flatMap((panel) => [panel, ...panelsOf(panel.panels ?? [])]);
const dashboards = dashboardFiles();
const rules = (parse(readFileSync(RULES, 'utf8')) as Rules).groups.flatMap((group) => group.rules);
/** [where it stands, PromQL], with Grafana's own variable filled in. */
const queries: [string, string][] = [
  ...Object.entries(dashboards).flatMap(([file, text]) =>
    panelsOf((JSON.parse(text) as { panels: Panel[] }).panels).flatMap((panel) =>
      (panel.targets ?? []).map(({ expr }): [string, string] => [
        `${file}, ${panel.title}`,
        expr.replaceAll('$__rate_interval', '1m'),
      ]),
    ),
  ),
  ...rules.map(({ alert, expr }): [string, string] => [`alert ${alert}`, expr]),
];

describe('Grafana dashboards and alert rules', () => {
  const held = useService();
  const scrape = async (): Promise<string> => {
    const response = await fetch(`${held.service.url}/metrics`, { headers: { authorization: `Bearer ${ADMIN_KEY}` } });
    return response.text();
  };

  it('are committed as their code builds them (npm run grafana:build)', () => {
    const folder = join(ROOT, 'grafana/dashboards');
    const committed = Object.fromEntries(
      readdirSync(folder).map((file) => [file, readFileSync(join(folder, file), 'utf8')]),
    );
    expect(committed).toEqual(dashboards);
  });

  it('ask only for metrics that the service has', async () => {
    const types = [...(await scrape()).matchAll(/^# TYPE (\S+) (\S+)/gm)];
    const there = new Set(
      types.flatMap(([, name = '', type]) =>
        type === 'histogram' ? [`${name}_bucket`, `${name}_sum`, `${name}_count`] : [name],
      ),
    );
    expect(queries.length).toBeGreaterThan(40);
    const missing = queries.flatMap(([where, expr]) =>
      [...expr.matchAll(/\blamplighter_\w+/g)]
        .map(([name]) => name)
        .filter((name) => !there.has(name))
        .map((name) => `${where}: ${name}`),
    );
    expect(missing).toEqual([]);
  });

  it('have a title, a description and a query in every panel, and words in every alert', () => {
    for (const text of Object.values(dashboards)) {
      for (const panel of panelsOf((JSON.parse(text) as { panels: Panel[] }).panels)) {
        if ('type' in panel && panel.type === 'row') continue;
        expect(panel).toMatchObject({ title: expect.any(String), description: expect.stringMatching(/\.$/) });
        expect(panel.targets?.length).toBeGreaterThan(0);
      }
    }
    for (const { annotations } of rules)
      expect(annotations).toMatchObject({ summary: expect.any(String), description: expect.any(String) });
  });

  const withPromtool = isInstalled('promtool') ? it : it.skip;
  withPromtool('have rules and an example configuration that Prometheus accepts', () => {
    const check = (...args: string[]): { status: number | null; output: string } => {
      const { status, stdout, stderr } = spawnSync('promtool', args, { encoding: 'utf8' });
      return { status, output: stdout + stderr };
    };
    expect(check('check', 'rules', RULES)).toMatchObject({ status: 0 });
    const example = join(ROOT, 'deploy/prometheus/prometheus.yml');
    expect(check('check', 'config', '--syntax-only', example)).toMatchObject({ status: 0 });
  });

  const withPrometheus = isInstalled('prometheus') ? it : it.skip;
  withPrometheus('get an answer to every query from a real Prometheus that scrapes the service', async () => {
    await held.service.call('GET', '/notices');
    const prometheus = await startPrometheus(held.service.url, ADMIN_KEY);
    try {
      // A scrape that took too long leaves every series without a present value, until the next one: so what is silent is asked again.
      let silent = queries;
      await eventually(async () => {
        const still: typeof queries = [];
        for (const [where, expr] of silent) {
          await prometheus.query(expr);
          // Without its last threshold a query must show something even on a quiet service: else a label in it is misspelt.
          const shown = await prometheus.query(expr.replace(/\s+(==|>)\s+[\d.]+$/, ''));
          if (shown.length === 0) still.push([where, expr]);
        }
        silent = still;
        // Only a service that has failed requests has a series for them.
        if (silent.length === 1 && silent[0]?.[0] === 'alert LamplighterHttpErrors') return true;
        throw new Error(`silent: ${silent.map(([where]) => where).join('; ')}`);
      });
    } finally {
      await prometheus.stop();
    }
  });
});

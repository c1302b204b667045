import type { Builder } from '@grafana/grafana-foundation-sdk/cog';
import {
  BigValueColorMode,
  BigValueGraphMode,
  GraphGradientMode,
  LegendDisplayMode,
  LegendPlacement,
  ReduceDataOptionsBuilder,
  StackingConfigBuilder,
  StackingMode,
  TooltipDisplayMode,
  VisibilityMode,
  VizLegendOptionsBuilder,
  VizTooltipOptionsBuilder,
} from '@grafana/grafana-foundation-sdk/common';
import { ThresholdsConfigBuilder, ThresholdsMode } from '@grafana/grafana-foundation-sdk/dashboard';
import type { Panel } from '@grafana/grafana-foundation-sdk/dashboard';
import { DataqueryBuilder } from '@grafana/grafana-foundation-sdk/prometheus';
import { PanelBuilder as StatBuilder } from '@grafana/grafana-foundation-sdk/stat';
import { PanelBuilder as TimeSeriesBuilder } from '@grafana/grafana-foundation-sdk/timeseries';

/** Chosen at the top of the dashboard, so that the same file serves every Grafana. */
const DATASOURCE = { type: 'prometheus', uid: '${datasource}' } as const;

/** [PromQL, legend] */
type Query = readonly [expr: string, legend: string];

export interface PanelSpec {
  title: string;
  /** What the reader may conclude, and what to do about it. */
  description: string;
  queries: readonly Query[];
  /** Grafana's name of the unit; a plain number when left out. */
  unit?: string;
  /** Columns of 24. */
  width: number;
}

const targets = (queries: readonly Query[]): DataqueryBuilder[] =>
  queries.map(([expr, legend], index) =>
    new DataqueryBuilder()
      .refId(String.fromCodePoint(65 + index))
      .datasource(DATASOURCE)
      .expr(expr)
      .legendFormat(legend),
  );

/** Values over time. `stacked` for parts of a whole. */
export function series(spec: PanelSpec & { stacked?: boolean }): Builder<Panel> {
  return new TimeSeriesBuilder()
    .title(spec.title)
    .description(spec.description)
    .datasource(DATASOURCE)
    .unit(spec.unit ?? 'short')
    .min(0)
    .height(8)
    .span(spec.width)
    .lineWidth(1)
    .fillOpacity(spec.stacked === true ? 40 : 8)
    .gradientMode(GraphGradientMode.Opacity)
    .showPoints(VisibilityMode.Never)
    .stacking(new StackingConfigBuilder().mode(spec.stacked === true ? StackingMode.Normal : StackingMode.None))
    .legend(
      new VizLegendOptionsBuilder()
        .displayMode(LegendDisplayMode.List)
        .placement(LegendPlacement.Bottom)
        .showLegend(true),
    )
    .tooltip(new VizTooltipOptionsBuilder().mode(TooltipDisplayMode.Multi))
    .targets(targets(spec.queries));
}

/** One number, green until `warnFrom`, red from `alarmFrom`. */
export function figure(spec: PanelSpec & { warnFrom?: number; alarmFrom?: number }): Builder<Panel> {
  const steps: { value: number | null; color: string }[] = [{ value: null, color: 'green' }];
  if (spec.warnFrom !== undefined) steps.push({ value: spec.warnFrom, color: 'orange' });
  if (spec.alarmFrom !== undefined) steps.push({ value: spec.alarmFrom, color: 'red' });
  return new StatBuilder()
    .title(spec.title)
    .description(spec.description)
    .datasource(DATASOURCE)
    .unit(spec.unit ?? 'short')
    .height(4)
    .span(spec.width)
    .colorMode(BigValueColorMode.Value)
    .graphMode(BigValueGraphMode.Area)
    .reduceOptions(new ReduceDataOptionsBuilder().calcs(['lastNotNull']))
    .thresholds(
      new ThresholdsConfigBuilder().mode(ThresholdsMode.Absolute).steps(steps as { value: number; color: string }[]),
    )
    .targets(targets(spec.queries));
}

// Slack's own charts. Its library of types does not know them yet; the local workspace checks them.

import type { KnownBlock } from '@slack/types';
import { shortened } from '../escape.ts';

// Slack's own limits.
export const CHART_POINTS_MAX = 20;
const TITLE_MAX = 50;
const LABEL_MAX = 20;

export interface ChartPoint {
  readonly label: string;
  readonly value: number;
}

interface BarChart {
  readonly title: string;
  /** What the bars measure. */
  readonly series: string;
  /** At most CHART_POINTS_MAX, with labels that tell them apart. */
  readonly points: readonly ChartPoint[];
}

/** Bars side by side, read out by screen readers and in the colours of the reader. */
export function barChart({ title, series, points }: BarChart): KnownBlock {
  const data = points
    .slice(0, CHART_POINTS_MAX)
    .map(({ label, value }) => ({ label: shortened(label, LABEL_MAX), value }));
  const block = {
    type: 'data_visualization',
    title: shortened(title, TITLE_MAX),
    chart: {
      type: 'bar',
      series: [{ name: shortened(series, LABEL_MAX), data }],
      axis_config: { categories: data.map(({ label }) => label), y_label: series },
    },
  };
  return block as unknown as KnownBlock;
}

/** A cell; amounts are numbers to Slack, too, so that they stand to the right. */
type Cell = string | { readonly value: number; readonly text: string };

// Slack's own limits, and what is still read.
const CELL_TEXT_MAX = 60;

/** Rows below a head. A message holds one at most. */
export function tableBlock(
  head: readonly string[],
  rows: readonly (readonly Cell[])[],
): KnownBlock {
  const block = {
    type: 'table',
    rows: [head, ...rows].map((row) =>
      row.map((cell) =>
        typeof cell === 'string'
          ? { type: 'raw_text', text: shortened(cell, CELL_TEXT_MAX) }
          : { type: 'raw_text', text: cell.text },
      ),
    ),
    column_settings: head.map((_, at) => (at === 0 ? null : { align: 'right' })),
  };
  return block as unknown as KnownBlock;
}

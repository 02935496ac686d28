import { z } from 'zod';
import {
  CHART_AXIS_LABEL_MAX,
  CHART_POINTS_MAX,
  CHART_POINT_LABEL_MAX,
  CHART_SERIES_MAX,
  CHART_TITLE_MAX,
  TABLE_COLUMNS_MAX,
  TABLE_ROWS_MAX,
} from '../limits.ts';
import { blockId } from './layout.ts';
import { richText } from './rich-text.ts';

/** Tables and charts. */

const cell = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('raw_text'), text: z.string() }),
  z.strictObject({ type: z.literal('raw_number'), value: z.number(), text: z.string() }),
  richText,
]);

const columnSetting = z
  .strictObject({
    align: z.enum(['left', 'center', 'right']).optional(),
    is_wrapped: z.boolean().optional(),
  })
  .nullable();

export const table = z.strictObject({
  type: z.literal('table'),
  ...blockId,
  rows: z.array(z.array(cell).min(1).max(TABLE_COLUMNS_MAX)).min(1).max(TABLE_ROWS_MAX),
  column_settings: z.array(columnSetting).max(TABLE_COLUMNS_MAX).optional(),
});

const pointLabel = z.string().min(1).max(CHART_POINT_LABEL_MAX);
const point = z.strictObject({ label: pointLabel, value: z.number() });

const series = z.strictObject({
  name: pointLabel,
  data: z.array(point).min(1).max(CHART_POINTS_MAX),
});

const axes = z.strictObject({
  categories: z.array(pointLabel).min(1).max(CHART_POINTS_MAX),
  x_label: z.string().max(CHART_AXIS_LABEL_MAX).optional(),
  y_label: z.string().max(CHART_AXIS_LABEL_MAX).optional(),
});

function seriesChart<T extends string>(type: T) {
  return z
    .strictObject({
      type: z.literal(type),
      series: z.array(series).min(1).max(CHART_SERIES_MAX),
      axis_config: axes,
    })
    .refine(
      (chart) =>
        chart.series.every((line) =>
          line.data.every((at, index) => at.label === chart.axis_config.categories[index]),
        ),
      { message: 'labels must be the categories of axis_config, in their order' },
    );
}

const chart = z.discriminatedUnion('type', [
  seriesChart('line'),
  seriesChart('bar'),
  seriesChart('area'),
  z.strictObject({
    type: z.literal('pie'),
    segments: z.array(point).min(1).max(CHART_SERIES_MAX),
  }),
]);

export const dataVisualization = z.strictObject({
  type: z.literal('data_visualization'),
  ...blockId,
  title: z.string().min(1).max(CHART_TITLE_MAX),
  chart,
});

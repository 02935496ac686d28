import { h, svg } from './dom.js';

/** Draws a data_visualization block: lines, areas, bars or a pie. */

const WIDTH = 560;
const HEIGHT = 220;
const LEFT = 52;
const BOTTOM = 26;
const TOP = 10;

function niceMax(value) {
  const power = 10 ** Math.floor(Math.log10(Math.max(value, 1e-9)));
  return [1, 2, 2.5, 5, 10].map((step) => step * power).find((step) => step >= value) ?? value;
}

function short(value) {
  return new Intl.NumberFormat('en', { notation: 'compact', maximumFractionDigits: 1 }).format(
    value,
  );
}

function axis(max, categories, xOf) {
  const ticks = [0, 0.25, 0.5, 0.75, 1].map((part) => {
    const y = TOP + (HEIGHT - TOP - BOTTOM) * (1 - part);
    return [
      svg('line', { x1: LEFT, x2: WIDTH, y1: y, y2: y, class: 'chart-grid' }),
      svg('text', { x: LEFT - 8, y: y + 4, 'text-anchor': 'end' }, short(max * part)),
    ];
  });
  const every = Math.ceil(categories.length / 8);
  const labels = categories.map((label, index) =>
    index % every === 0
      ? svg('text', { x: xOf(index), y: HEIGHT - 6, 'text-anchor': 'middle' }, label)
      : null,
  );
  return [ticks, labels];
}

function seriesChart({ type, series, axis_config: config }) {
  const { categories } = config;
  const max = niceMax(Math.max(...series.flatMap((one) => one.data.map((point) => point.value))));
  const band = (WIDTH - LEFT) / categories.length;
  const xOf = (index) => LEFT + band * (index + 0.5);
  const yOf = (value) => TOP + (HEIGHT - TOP - BOTTOM) * (1 - value / max);
  const floor = yOf(0);
  const drawn = series.map((one, at) => {
    const color = `chart-color-${at + 1}`;
    if (type === 'bar') {
      const width = Math.min(36, (band * 0.7) / series.length);
      return one.data.map((point, index) =>
        svg(
          'rect',
          {
            class: `chart-bar ${color}`,
            x: xOf(index) - (width * series.length) / 2 + at * width,
            y: yOf(point.value),
            width: width - 1,
            height: Math.max(0, floor - yOf(point.value)),
            rx: 2,
          },
          svg('title', {}, `${one.name}, ${point.label}: ${point.value}`),
        ),
      );
    }
    const points = one.data.map((point, index) => `${xOf(index)},${yOf(point.value)}`);
    const area = `${LEFT + band / 2},${floor} ${points.join(' ')} ${xOf(one.data.length - 1)},${floor}`;
    return [
      type === 'area' ? svg('polygon', { class: `chart-area ${color}`, points: area }) : null,
      svg('polyline', { class: `chart-line ${color}`, points: points.join(' ') }),
    ];
  });
  return [
    svg(
      'svg',
      { class: 'chart', viewBox: `0 0 ${WIDTH} ${HEIGHT}` },
      axis(max, categories, xOf),
      drawn,
    ),
    series.length > 1 ? legend(series.map((one) => one.name)) : null,
  ];
}

function legend(names) {
  return h(
    'div',
    { class: 'chart-legend' },
    names.map((name, at) =>
      h('span', {}, h('i', { class: `chart-swatch chart-color-${at + 1}` }), name),
    ),
  );
}

function pie({ segments }) {
  const total = segments.reduce((sum, one) => sum + one.value, 0) || 1;
  let angle = -Math.PI / 2;
  const slices = segments.map((one, at) => {
    const start = angle;
    angle += Math.min(one.value / total, 0.9999) * 2 * Math.PI;
    const point = (turn) => `${110 + 90 * Math.cos(turn)},${110 + 90 * Math.sin(turn)}`;
    const large = angle - start > Math.PI ? 1 : 0;
    return svg(
      'path',
      {
        class: `chart-bar chart-color-${at + 1}`,
        d: `M110,110 L${point(start)} A90,90 0 ${large} 1 ${point(angle)} Z`,
      },
      svg('title', {}, `${one.label}: ${one.value}`),
    );
  });
  return [
    svg('svg', { class: 'chart chart-pie', viewBox: '0 0 220 220' }, slices),
    legend(segments.map((one) => `${one.label} ${Math.round((one.value / total) * 100)} %`)),
  ];
}

export function chart(block) {
  return h(
    'figure',
    { class: 'block-chart' },
    h('figcaption', {}, block.title),
    block.chart.type === 'pie' ? pie(block.chart) : seriesChart(block.chart),
  );
}

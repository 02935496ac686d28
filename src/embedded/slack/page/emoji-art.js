import { svg } from './dom.js';

/**
 * Drawings of the emoji by which an app says how things stand. A machine without an emoji font
 * shows an empty box for the character; a drawing looks alike everywhere.
 */

const CHECK = 'M5.6 10.4 8.6 13.4 14.6 6.8';
const CROSS = 'M6.4 6.4l7.2 7.2M13.6 6.4l-7.2 7.2';
const BAR = 'M5.5 10h9';

const SHAPES = {
  circle: (fill) => svg('circle', { cx: 10, cy: 10, r: 8.2, fill }),
  square: (fill) => svg('rect', { x: 1.8, y: 1.8, width: 16.4, height: 16.4, rx: 3.6, fill }),
  triangle: (fill) =>
    svg('path', {
      d: 'M10 2.4 18.6 17H1.4Z',
      fill,
      stroke: fill,
      'stroke-width': 1.6,
      'stroke-linejoin': 'round',
    }),
  octagon: (fill) => svg('path', { d: 'M6.5 1.6h7l4.9 4.9v7l-4.9 4.9h-7l-4.9-4.9v-7Z', fill }),
};

function line(d, stroke, width = 2.2) {
  const caps = { 'stroke-linecap': 'round', 'stroke-linejoin': 'round' };
  return svg('path', { d, fill: 'none', stroke, 'stroke-width': width, ...caps });
}

function letter(text, fill, y = 14.4) {
  const font = { 'font-size': 12, 'font-weight': 800, 'text-anchor': 'middle' };
  return svg('text', { x: 10, y, fill, ...font }, text);
}

const sign =
  (shape, color, glyph, ink = '#fff') =>
  () => [SHAPES[shape](color), line(glyph, ink)];
const lettered =
  (shape, color, text, ink = '#fff', y) =>
  () => [SHAPES[shape](color), letter(text, ink, y)];
const plainShape = (shape, color) => () => [SHAPES[shape](color)];
const drawn =
  (...parts) =>
  () =>
    parts.map(([d, color, width]) => line(d, color, width));

const RED = '#d9304f';
const ORANGE = '#e8871e';
const YELLOW = '#eab526';
const GREEN = '#2ba36c';
const BLUE = '#3b82d6';
const GREY = '#8a92a0';
const GOLD = '#d69a1c';

const BELL = 'M5 14h10l-1.4-2V8.6a3.6 3.6 0 0 0-7.2 0V12ZM8.8 16.6h2.4';
const LOCK = 'M5 9h10v8H5ZM7 9V6.4a3 3 0 0 1 6 0V9';
const GLASS = 'M5.5 2.5h9M5.5 17.5h9M6.5 2.5v3L10 10l3.5-4.5v-3M6.5 17.5v-3L10 10l3.5 4.5v3';
const AXES = 'M3 3v14h14';
const THUMB =
  'M3.5 9h3v8h-3ZM6.5 9.6 10 3c1.6 0 2.2 1 1.8 2.6L11.2 8h4.4c1 0 1.6.9 1.3 1.8l-2 6c-.2.8-.8 1.2-1.5 1.2H6.5';

const ART = {
  white_check_mark: sign('square', GREEN, CHECK),
  heavy_check_mark: drawn(['M3.6 10.8 8 15.2 16.4 5.6', GREEN, 3]),
  ballot_box_with_check: sign('square', BLUE, CHECK),
  x: drawn(['M4.4 4.4l11.2 11.2M15.6 4.4 4.4 15.6', RED, 3.2]),
  negative_squared_cross_mark: sign('square', GREEN, CROSS),
  warning: lettered('triangle', YELLOW, '!', '#3a2c00', 16),
  exclamation: () => [letter('!', RED, 15)],
  question: () => [letter('?', RED, 15)],
  information_source: lettered('square', BLUE, 'i'),
  no_entry: sign('circle', RED, BAR),
  no_entry_sign: drawn(['M10 2.5a7.5 7.5 0 1 0 0 15 7.5 7.5 0 0 0 0-15ZM5 5l10 10', RED, 2.6]),
  octagonal_sign: plainShape('octagon', RED),
  rotating_light: () => [
    svg('path', { d: 'M5 14V9.6a5 5 0 0 1 10 0V14Z', fill: RED }),
    line('M3.6 16.6h12.8', GREY, 2.6),
    line('M10 1.2v1.4M3 4l1.2 1M17 4l-1.2 1', RED, 1.8),
  ],
  hourglass: drawn([GLASS, GOLD, 1.8]),
  hourglass_flowing_sand: drawn([GLASS, GOLD, 1.8]),
  alarm_clock: drawn(
    ['M10 4.4a6 6 0 1 0 0 12 6 6 0 0 0 0-12ZM10 7.4v3.2l2.2 1.4', RED, 1.9],
    ['M3.4 5.6 6 3.2M16.6 5.6 14 3.2', GREY, 2],
  ),
  wrench: drawn([
    'M12.6 3.4a3.8 3.8 0 0 0-3.4 5.4L3.4 14.6l2 2 5.8-5.8a3.8 3.8 0 0 0 5-4.8l-2.4 2.2-2-2Z',
    GREY,
    1.8,
  ]),
  raised_hand_with_fingers_splayed: drawn(
    ['M6 12 3.6 8.6M7.6 9V3.6M10 8.6V2.4M12.4 9V3.6M14.6 10.4l1.8-4', GOLD, 1.9],
    ['M6 11.4c.6 3.6 1.8 6 4.4 6s4.2-2.6 4.2-7', GOLD, 1.9],
  ),
  key: drawn(['M6.6 10.4a3.2 3.2 0 1 0 0-.1M9.8 10.3H17v3M13.8 10.4v2.4', GOLD, 2.2]),
  lock: drawn([LOCK, GOLD, 2]),
  closed_lock_with_key: drawn([LOCK, GOLD, 2]),
  unlock: drawn(['M5 9h10v8H5ZM7 9V6.4a3 3 0 0 1 5.6-1.5', GOLD, 2]),
  heavy_dollar_sign: () => [letter('$', GREEN, 15)],
  repeat: sign(
    'square',
    BLUE,
    'M5.4 10V8.6a1.6 1.6 0 0 1 1.6-1.6h7M12 4.8 14.2 7 12 9.2M14.6 10v1.4a1.6 1.6 0 0 1-1.6 1.6H6M8 15.2 5.8 13 8 10.8',
  ),
  leftwards_arrow_with_hook: sign('square', BLUE, 'M14.4 13V9.6H5.8M8.6 6.8 5.8 9.6l2.8 2.8'),
  bell: drawn([BELL, GOLD, 1.9]),
  no_bell: drawn([BELL, GREY, 1.9], ['M3 3l14 14', RED, 2]),
  bar_chart: drawn(
    [AXES, GREY, 1.8],
    ['M6.8 14v-3', BLUE, 2.6],
    ['M10.6 14V6', GREEN, 2.6],
    ['M14.4 14V9', ORANGE, 2.6],
  ),
  chart_with_upwards_trend: drawn([AXES, GREY, 1.8], ['M5.5 13.5 9 10l2.4 2L16.5 5', RED, 2]),
  chart_with_downwards_trend: drawn([AXES, GREY, 1.8], ['M5.5 5.5 9 9l2.4-1.6 5.1 6.1', BLUE, 2]),
  coin: lettered('circle', GOLD, '$'),
  moneybag: lettered('circle', GOLD, '$'),
  dollar: lettered('square', GREEN, '$'),
  hourglass_done: drawn([GLASS, GREY, 1.8]),
  '+1': drawn([THUMB, GOLD, 1.8]),
  thumbsup: drawn([THUMB, GOLD, 1.8]),
  eyes: () =>
    [6, 14].flatMap((cx) => [
      svg('ellipse', { cx, cy: 10, rx: 3.6, ry: 5, fill: '#fff', stroke: GREY }),
      svg('circle', { cx: cx - 1, cy: 10.6, r: 1.7, fill: '#2b2f38' }),
    ]),
  tada: drawn(['M3 17 7 7l6 6ZM11 7c1-2 0-3.6 2-4.6M13.4 9.4c2-.8 3 .4 4-1', ORANGE, 1.8]),
  rocket: drawn(['M8 12c0-5 3-9 9-9 0 6-4 9-9 9ZM8 12l-4 .5L6 9h3M8 12l-.5 4L11 14v-3', BLUE, 1.7]),
  zap: () => [svg('path', { d: 'M11.6 1.5 4 11.4h4.6L8 18.5l8-10.4h-4.8Z', fill: YELLOW })],
  bulb: drawn(['M7.4 13c-3.6-2.6-2-9 2.6-9s6.2 6.4 2.6 9v1.6H7.4ZM8 17.4h4', GOLD, 1.8]),
  double_vertical_bar: sign('square', BLUE, 'M8 6.4v7.2M12 6.4v7.2'),
  pause_button: sign('square', BLUE, 'M8 6.4v7.2M12 6.4v7.2'),
  arrow_forward: sign('square', BLUE, 'M8 6.4v7.2L13.4 10Z'),
  arrows_counterclockwise: sign(
    'square',
    BLUE,
    'M14 8.4A4.4 4.4 0 0 0 6 8M6 5.4V8h2.6M6 11.6a4.4 4.4 0 0 0 8 .4M14 14.6V12h-2.6',
  ),
  arrow_right: sign('square', BLUE, 'M5.6 10h8.4M10.6 6.4 14.2 10l-3.6 3.6'),
  arrow_up: sign('square', BLUE, 'M10 14.4V6M6.4 9.4 10 5.8l3.6 3.6'),
  arrow_down: sign('square', BLUE, 'M10 5.6V14M6.4 10.6 10 14.2l3.6-3.6'),
  heavy_plus_sign: drawn(['M10 3.6v12.8M3.6 10h12.8', GREY, 3]),
  heavy_minus_sign: drawn(['M3.6 10h12.8', GREY, 3]),
  red_circle: plainShape('circle', RED),
  large_orange_circle: plainShape('circle', ORANGE),
  large_yellow_circle: plainShape('circle', YELLOW),
  large_green_circle: plainShape('circle', GREEN),
  large_blue_circle: plainShape('circle', BLUE),
  white_circle: plainShape('circle', '#d8dce3'),
  black_circle: plainShape('circle', '#3a3f4a'),
  large_green_square: plainShape('square', GREEN),
  large_yellow_square: plainShape('square', YELLOW),
  large_orange_square: plainShape('square', ORANGE),
  large_red_square: plainShape('square', RED),
  large_blue_square: plainShape('square', BLUE),
  white_large_square: plainShape('square', '#d8dce3'),
  black_large_square: plainShape('square', '#3a3f4a'),
};

/** The drawing of an emoji, or undefined if there is none. */
export function emojiArt(name) {
  const draw = ART[name];
  return draw
    ? svg('svg', { class: 'emoji', viewBox: '0 0 20 20', role: 'img', 'aria-label': name }, draw())
    : undefined;
}

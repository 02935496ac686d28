import { emojiArt } from './emoji-art.js';

/** The emoji that people and apps use in such a workspace; others stay as they are written. */
const EMOJI = {
  white_check_mark: '✅',
  heavy_check_mark: '✔️',
  ballot_box_with_check: '☑️',
  x: '❌',
  negative_squared_cross_mark: '❎',
  warning: '⚠️',
  rotating_light: '🚨',
  no_entry: '⛔',
  no_entry_sign: '🚫',
  octagonal_sign: '🛑',
  information_source: 'ℹ️',
  question: '❓',
  exclamation: '❗',
  bulb: '💡',
  hourglass: '⌛',
  hourglass_flowing_sand: '⏳',
  stopwatch: '⏱️',
  alarm_clock: '⏰',
  clock1: '🕐',
  calendar: '📆',
  date: '📅',
  spiral_calendar_pad: '🗓️',
  key: '🔑',
  lock: '🔒',
  unlock: '🔓',
  closed_lock_with_key: '🔐',
  shield: '🛡️',
  gear: '⚙️',
  wrench: '🔧',
  hammer_and_wrench: '🛠️',
  mag: '🔍',
  link: '🔗',
  pushpin: '📌',
  bell: '🔔',
  no_bell: '🔕',
  mega: '📣',
  loudspeaker: '📢',
  speech_balloon: '💬',
  eyes: '👀',
  wave: '👋',
  raised_hand_with_fingers_splayed: '🖐️',
  '+1': '👍',
  thumbsup: '👍',
  '-1': '👎',
  thumbsdown: '👎',
  clap: '👏',
  raised_hands: '🙌',
  pray: '🙏',
  muscle: '💪',
  ok_hand: '👌',
  point_right: '👉',
  heart: '❤️',
  green_heart: '💚',
  smile: '😄',
  slightly_smiling_face: '🙂',
  thinking_face: '🤔',
  tada: '🎉',
  rocket: '🚀',
  sparkles: '✨',
  star: '⭐',
  fire: '🔥',
  boom: '💥',
  zap: '⚡',
  robot_face: '🤖',
  package: '📦',
  card_index: '📇',
  clipboard: '📋',
  memo: '📝',
  page_facing_up: '📄',
  receipt: '🧾',
  ledger: '📒',
  bar_chart: '📊',
  chart_with_upwards_trend: '📈',
  chart_with_downwards_trend: '📉',
  moneybag: '💰',
  money_with_wings: '💸',
  dollar: '💵',
  heavy_dollar_sign: '💲',
  coin: '🪙',
  credit_card: '💳',
  bank: '🏦',
  office: '🏢',
  busts_in_silhouette: '👥',
  bust_in_silhouette: '👤',
  house: '🏠',
  herb: '🌿',
  seedling: '🌱',
  snowflake: '❄️',
  red_circle: '🔴',
  large_orange_circle: '🟠',
  large_yellow_circle: '🟡',
  large_green_circle: '🟢',
  large_blue_circle: '🔵',
  white_circle: '⚪',
  black_circle: '⚫',
  arrow_right: '➡️',
  arrow_up: '⬆️',
  arrow_down: '⬇️',
  arrows_counterclockwise: '🔄',
  leftwards_arrow_with_hook: '↩️',
  repeat: '🔁',
  fuelpump: '⛽',
  double_vertical_bar: '⏸️',
  pause_button: '⏸️',
  arrow_forward: '▶️',
  heavy_plus_sign: '➕',
  heavy_minus_sign: '➖',
  wastebasket: '🗑️',
  broom: '🧹',
  inbox_tray: '📥',
  outbox_tray: '📤',
  large_green_square: '🟩',
  large_yellow_square: '🟨',
  large_red_square: '🟥',
  white_large_square: '⬜',
};

/** The character, for places that take text alone. */
export function emojiText(name) {
  return EMOJI[name];
}

const NAMES = new Map(Object.entries(EMOJI).map(([name, character]) => [character, name]));
const CHARACTERS = new RegExp(
  [...NAMES.keys()].toSorted((a, b) => b.length - a.length).join('|'),
  'gu',
);

/** The emoji as it is shown, or undefined if the name isn't known. */
export function emoji(name) {
  return emojiArt(name) ?? EMOJI[name];
}

/** Text with its emoji characters drawn, where there is a drawing. */
export function withArt(text) {
  const nodes = [];
  let end = 0;
  for (const match of text.matchAll(CHARACTERS)) {
    const art = emojiArt(NAMES.get(match[0]));
    if (art) {
      nodes.push(text.slice(end, match.index), art);
      end = match.index + match[0].length;
    }
  }
  return [...nodes, text.slice(end)].filter((node) => node !== '');
}

/** The emoji that people and apps use in such a workspace; others stay as they are written. */
const EMOJI = {
  white_check_mark: '✅', heavy_check_mark: '✔️', ballot_box_with_check: '☑️', x: '❌',
  negative_squared_cross_mark: '❎', warning: '⚠️', rotating_light: '🚨', no_entry: '⛔',
  no_entry_sign: '🚫', octagonal_sign: '🛑', information_source: 'ℹ️', question: '❓',
  exclamation: '❗', bulb: '💡', hourglass: '⌛', hourglass_flowing_sand: '⏳', stopwatch: '⏱️',
  alarm_clock: '⏰', clock1: '🕐', calendar: '📆', date: '📅', spiral_calendar_pad: '🗓️',
  key: '🔑', lock: '🔒', unlock: '🔓', closed_lock_with_key: '🔐', shield: '🛡️', gear: '⚙️',
  wrench: '🔧', hammer_and_wrench: '🛠️', mag: '🔍', link: '🔗', pushpin: '📌', bell: '🔔',
  no_bell: '🔕', mega: '📣', loudspeaker: '📢', speech_balloon: '💬', eyes: '👀', wave: '👋',
  '+1': '👍', thumbsup: '👍', '-1': '👎', thumbsdown: '👎', clap: '👏', raised_hands: '🙌',
  pray: '🙏', muscle: '💪', ok_hand: '👌', point_right: '👉', heart: '❤️', green_heart: '💚',
  smile: '😄', slightly_smiling_face: '🙂', thinking_face: '🤔', tada: '🎉', rocket: '🚀',
  sparkles: '✨', star: '⭐', fire: '🔥', boom: '💥', zap: '⚡', robot_face: '🤖',
  package: '📦', card_index: '📇', clipboard: '📋', memo: '📝', page_facing_up: '📄',
  receipt: '🧾', ledger: '📒', bar_chart: '📊', chart_with_upwards_trend: '📈',
  chart_with_downwards_trend: '📉', moneybag: '💰', money_with_wings: '💸', dollar: '💵',
  coin: '🪙', credit_card: '💳', bank: '🏦', office: '🏢', busts_in_silhouette: '👥',
  bust_in_silhouette: '👤', house: '🏠', herb: '🌿', seedling: '🌱', snowflake: '❄️',
  red_circle: '🔴', large_orange_circle: '🟠', large_yellow_circle: '🟡', large_green_circle: '🟢',
  large_blue_circle: '🔵', white_circle: '⚪', black_circle: '⚫', arrow_right: '➡️',
  arrow_up: '⬆️', arrow_down: '⬇️', arrows_counterclockwise: '🔄', repeat: '🔁', fuelpump: '⛽',
  double_vertical_bar: '⏸️', pause_button: '⏸️', arrow_forward: '▶️', heavy_plus_sign: '➕',
  heavy_minus_sign: '➖', wastebasket: '🗑️', broom: '🧹', inbox_tray: '📥', outbox_tray: '📤',
  large_green_square: '🟩', large_yellow_square: '🟨', large_red_square: '🟥', white_large_square: '⬜',
};

export function emoji(name) {
  return EMOJI[name];
}

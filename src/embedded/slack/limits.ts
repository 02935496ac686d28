/** Slack's documented limits, so that what passes here passes there. Characters unless a unit is named. */

// Layout: docs.slack.dev/reference/block-kit/blocks
export const MESSAGE_BLOCKS_MAX = 50;
export const VIEW_BLOCKS_MAX = 100;
export const SECTION_TEXT_MAX = 3_000;
export const SECTION_FIELDS_MAX = 10;
export const SECTION_FIELD_TEXT_MAX = 2_000;
export const HEADER_TEXT_MAX = 150;
export const CONTEXT_ELEMENTS_MAX = 10;
export const ACTIONS_ELEMENTS_MAX = 25;
export const INPUT_LABEL_MAX = 2_000;
export const INPUT_HINT_MAX = 2_000;
export const MARKDOWN_TEXT_MAX = 12_000;
export const IMAGE_URL_MAX = 3_000;
export const IMAGE_ALT_MAX = 2_000;
export const IMAGE_TITLE_MAX = 2_000;
export const TABLE_ROWS_MAX = 100;
export const TABLE_COLUMNS_MAX = 20;
export const TABLE_TEXT_MAX = 10_000;
export const TABLES_PER_MESSAGE_MAX = 1;
export const CHART_TITLE_MAX = 50;
export const CHART_AXIS_LABEL_MAX = 50;
export const CHART_POINTS_MAX = 20;
export const CHART_POINT_LABEL_MAX = 20;
// The documentation's copies say 6 and 12; a chart of 6 is accepted under either.
export const CHART_SERIES_MAX = 6;
export const CHARTS_PER_MESSAGE_MAX = 2;
export const VIDEO_TITLE_MAX = 200;
export const VIDEO_AUTHOR_MAX = 50;

// Elements: docs.slack.dev/reference/block-kit/block-elements
export const BLOCK_ID_MAX = 255;
export const ACTION_ID_MAX = 255;
export const CALLBACK_ID_MAX = 255;
export const BUTTON_TEXT_MAX = 75;
export const BUTTON_VALUE_MAX = 2_000;
export const BUTTON_URL_MAX = 3_000;
export const ACCESSIBILITY_LABEL_MAX = 75;
export const OPTION_TEXT_MAX = 75;
// Slack's types say 75, its Python validators 150: what fits the smaller is accepted by both.
export const OPTION_VALUE_MAX = 75;
export const OPTION_DESCRIPTION_MAX = 75;
export const OPTION_URL_MAX = 3_000;
export const SELECT_OPTIONS_MAX = 100;
export const SELECT_GROUPS_MAX = 100;
export const GROUP_LABEL_MAX = 75;
export const CHOICE_OPTIONS_MAX = 10;
export const OVERFLOW_OPTIONS_MAX = 5;
export const PLACEHOLDER_MAX = 150;
export const TEXT_INPUT_LENGTH_MAX = 3_000;
export const FILES_PER_INPUT_MAX = 10;
export const CONFIRM_TITLE_MAX = 100;
export const CONFIRM_TEXT_MAX = 300;
export const CONFIRM_BUTTON_MAX = 30;

// Views: docs.slack.dev/reference/views
export const MODAL_TITLE_MAX = 24;
export const MODAL_BUTTON_MAX = 24;
export const PRIVATE_METADATA_MAX = 3_000;
export const EXTERNAL_ID_MAX = 255;
export const VIEW_STACK_MAX = 3;

// Messages
export const MESSAGE_TEXT_MAX = 40_000;
// Not documented; measured by others as the sum of all text in blocks (bolt-js issue 2509).
export const MESSAGE_BLOCKS_TEXT_MAX = 13_200;
export const MESSAGE_ATTACHMENTS_MAX = 100;

// Time
export const ACK_TIMEOUT_MS = 3_000;
export const TRIGGER_LIFETIME_MS = 3_000;
export const RESPONSE_URL_LIFETIME_MS = 30 * 60_000;
export const RESPONSE_URL_USES_MAX = 5;
/** Slack retries an event nearly at once, after a minute and after five, then gives it up. */
export const EVENT_RETRY_DELAYS_MS: readonly number[] = [100, 60_000, 5 * 60_000];
export const SOCKETS_MAX = 10;
/** A connection address that nobody used by then is void. */
export const SOCKET_TICKET_LIFETIME_MS = 30_000;
/** Slack's client gives a silent connection up after 30 s. */
export const SOCKET_PING_INTERVAL_MS = 10_000;

// Our own bounds, which keep a workspace that runs for weeks small
/** Slack itself takes 1 GB; nobody tries that here. */
export const UPLOAD_BYTES_MAX = 20 * 1024 * 1024;
export const BODY_BYTES_MAX = 4 * 1024 * 1024;
export const MESSAGES_PER_CHANNEL_MAX = 2_000;
export const TRANSCRIPT_CHARACTERS_MAX = 64 * 1024 * 1024;
export const ENVELOPES_KEPT_MAX = 500;
/** One write for a burst of changes. */
export const SAVE_DELAY_MS = 200;

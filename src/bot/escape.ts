// Slack reads "<!channel>", "<https://evil|bank>" and "*bold*" wherever mrkdwn stands. So text of people
// enters messages only through this file: `mrkdwn` makes literal what is put into it, unless it is mrkdwn
// already. Slack has entities for three characters only; what it would read as formatting goes into a code
// span, where it is shown, and copied, as it was written. Invisible characters in between would be copied, too.

/** Text in Slack's markup, with everything of people's in it escaped. */
export interface Mrkdwn {
  readonly mrkdwn: string;
}

export type Said = Mrkdwn | string | number | bigint;

/** Builds mrkdwn: the template is ours, the values are shown literally. */
export function mrkdwn(template: TemplateStringsArray, ...values: readonly Said[]): Mrkdwn {
  const parts = template.map((part, index) => {
    const value = values[index];
    return value === undefined ? part : part + mrkdwnOf(value);
  });
  return { mrkdwn: parts.join('') };
}

/** Puts several into one, literal where they are text of people. */
export function joined(values: readonly Said[], separator = ', '): Mrkdwn {
  return { mrkdwn: values.map(mrkdwnOf).join(separator) };
}

/** The three characters that Slack reads as control, as entities. */
export function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}

/** A marker of bold, strike, italics or code; inside a word, an underscore is none. Or an emoji's name. */
const FORMATTING = /[*~`]|(?<![A-Za-z0-9])_|_(?![A-Za-z0-9])|:[a-z0-9_+'-]+:/i;
const QUOTATION = /^\s*>/;

/** Text as it was written: from its first word with formatting in it to the last in monospace, if there is one. */
export function literal(text: string): string {
  const words = text.split(/(\s+)/);
  const first = QUOTATION.test(text) ? 0 : words.findIndex((word) => FORMATTING.test(word));
  if (first === -1) {
    return escaped(text);
  }
  const last = Math.max(
    first,
    words.findLastIndex((word) => FORMATTING.test(word)),
  );
  const part = (from: number, to: number) => words.slice(from, to).join('');
  const marked = code(part(first, last + 1)).mrkdwn;
  return escaped(part(0, first)) + marked + escaped(part(last + 1, words.length));
}

/** Text in monospace. Backticks and line ends would leave it, so they become quotes and spaces. */
export function code(text: string): Mrkdwn {
  return { mrkdwn: `\`${escaped(text.replaceAll('`', '´').replaceAll(/[\r\n]+/g, ' '))}\`` };
}

/** A person by id; anything that is no id of a person is shown as it is. */
export function mention(userId: string): Mrkdwn {
  return /^[UW][A-Z0-9]+$/.test(userId) ? { mrkdwn: `<@${userId}>` } : mrkdwn`${userId}`;
}

/** A channel by id. */
export function channelLink(channelId: string): Mrkdwn {
  return /^[CGD][A-Z0-9]+$/.test(channelId) ? { mrkdwn: `<#${channelId}>` } : mrkdwn`${channelId}`;
}

/** Shortens text of people before it is escaped. */
export function shortened(text: string, maxLength: number): string {
  return text.length <= maxLength ? text : `${text.slice(0, maxLength - 1)}…`;
}

/** Shortens finished mrkdwn, without leaving half an entity or half a link behind. */
export function clipped(finished: string, maxLength: number): string {
  if (finished.length <= maxLength) {
    return finished;
  }
  return `${finished.slice(0, maxLength - 1).replace(/[&<][^;>]*$/, '')}…`;
}

function mrkdwnOf(value: Said): string {
  return typeof value === 'object' ? value.mrkdwn : literal(String(value));
}

// Slack reads "<!channel>" and "<https://evil|bank>" wherever mrkdwn stands. So text of people enters
// messages only through this file: `mrkdwn` escapes what is put into it, unless it is mrkdwn already.

/** Text in Slack's markup, with everything of people's in it escaped. */
export interface Mrkdwn {
  readonly mrkdwn: string;
}

export type Said = Mrkdwn | string | number | bigint;

/** Builds mrkdwn: the template is ours, the values are escaped. */
export function mrkdwn(template: TemplateStringsArray, ...values: readonly Said[]): Mrkdwn {
  const parts = template.map((part, index) => {
    const value = values[index];
    return value === undefined ? part : part + mrkdwnOf(value);
  });
  return { mrkdwn: parts.join('') };
}

/** Puts several into one, escaped where they have to be. */
export function joined(values: readonly Said[], separator = ', '): Mrkdwn {
  return { mrkdwn: values.map(mrkdwnOf).join(separator) };
}

/** The three characters that Slack reads as control, as entities. */
export function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
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
  return typeof value === 'object' ? value.mrkdwn : escaped(String(value));
}

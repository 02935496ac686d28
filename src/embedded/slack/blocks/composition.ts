import { z } from 'zod';
import {
  CONFIRM_BUTTON_MAX,
  CONFIRM_TEXT_MAX,
  CONFIRM_TITLE_MAX,
  GROUP_LABEL_MAX,
  IMAGE_ALT_MAX,
  IMAGE_URL_MAX,
  OPTION_DESCRIPTION_MAX,
  OPTION_TEXT_MAX,
  OPTION_URL_MAX,
  OPTION_VALUE_MAX,
  SELECT_OPTIONS_MAX,
} from '../limits.ts';

/** The small objects that blocks and elements are composed of. */

export function plainText(max: number) {
  return z.strictObject({
    type: z.literal('plain_text'),
    text: z.string().min(1).max(max),
    emoji: z.boolean().optional(),
  });
}

function mrkdwn(max: number) {
  return z.strictObject({
    type: z.literal('mrkdwn'),
    text: z.string().min(1).max(max),
    verbatim: z.boolean().optional(),
  });
}

export function anyText(max: number) {
  return z.discriminatedUnion('type', [plainText(max), mrkdwn(max)]);
}

export const style = z.enum(['primary', 'danger']);

export const webUrl = z
  .string()
  .max(IMAGE_URL_MAX)
  .regex(/^https?:\/\//, 'must be a valid URL');

export const confirmation = z.strictObject({
  title: plainText(CONFIRM_TITLE_MAX).optional(),
  text: anyText(CONFIRM_TEXT_MAX),
  confirm: plainText(CONFIRM_BUTTON_MAX).optional(),
  deny: plainText(CONFIRM_BUTTON_MAX).optional(),
  style: style.optional(),
});

const optionFields = {
  value: z.string().max(OPTION_VALUE_MAX),
  description: plainText(OPTION_DESCRIPTION_MAX).optional(),
};

/** Menus draw plain text alone. */
export const menuOption = z.strictObject({ text: plainText(OPTION_TEXT_MAX), ...optionFields });

/** Radio buttons and checkboxes draw mrkdwn as well. */
export const choiceOption = z.strictObject({
  text: anyText(OPTION_TEXT_MAX),
  ...optionFields,
  description: anyText(OPTION_DESCRIPTION_MAX).optional(),
});

export const overflowOption = menuOption.extend({
  url: z.string().max(OPTION_URL_MAX).optional(),
});

export const optionGroup = z.strictObject({
  label: plainText(GROUP_LABEL_MAX),
  options: z.array(menuOption).min(1).max(SELECT_OPTIONS_MAX),
});

const slackFile = z.union([
  z.strictObject({ id: z.string().min(1) }),
  z.strictObject({ url: z.string().min(1) }),
]);

export const imageElement = z
  .strictObject({
    type: z.literal('image'),
    image_url: webUrl.optional(),
    slack_file: slackFile.optional(),
    alt_text: z.string().min(1).max(IMAGE_ALT_MAX),
  })
  .refine((image) => (image.image_url === undefined) !== (image.slack_file === undefined), {
    message: 'must have one of image_url and slack_file',
  });

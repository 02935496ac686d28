import { z } from 'zod';
import {
  ACTIONS_ELEMENTS_MAX,
  BLOCK_ID_MAX,
  CONTEXT_ELEMENTS_MAX,
  HEADER_TEXT_MAX,
  IMAGE_ALT_MAX,
  IMAGE_TITLE_MAX,
  INPUT_HINT_MAX,
  INPUT_LABEL_MAX,
  MARKDOWN_TEXT_MAX,
  SECTION_FIELDS_MAX,
  SECTION_FIELD_TEXT_MAX,
  SECTION_TEXT_MAX,
  VIDEO_AUTHOR_MAX,
  VIDEO_TITLE_MAX,
} from '../limits.ts';
import { anyText, imageElement, plainText, webUrl } from './composition.ts';
import {
  button,
  checkboxes,
  datepicker,
  datetimepicker,
  emailInput,
  fileInput,
  numberInput,
  overflow,
  plainTextInput,
  radioButtons,
  richTextInput,
  timepicker,
  urlInput,
} from './elements.ts';
import { menus } from './menus.ts';

/** Which element may stand in which block, and how much of it. */

export const blockId = { block_id: z.string().min(1).max(BLOCK_ID_MAX).optional() };

const choices = [checkboxes, radioButtons, datepicker, timepicker] as const;

const accessory = z.discriminatedUnion('type', [
  button,
  overflow,
  imageElement,
  ...choices,
  ...menus,
]);

const actionElement = z.discriminatedUnion('type', [
  button,
  overflow,
  datetimepicker,
  ...choices,
  ...menus,
]);

const inputElement = z.discriminatedUnion('type', [
  plainTextInput,
  emailInput,
  urlInput,
  numberInput,
  richTextInput,
  fileInput,
  datetimepicker,
  ...choices,
  ...menus,
]);

const contextElement = z.discriminatedUnion('type', [
  imageElement,
  ...anyText(SECTION_TEXT_MAX).options,
]);

export const section = z
  .strictObject({
    type: z.literal('section'),
    ...blockId,
    text: anyText(SECTION_TEXT_MAX).optional(),
    fields: z.array(anyText(SECTION_FIELD_TEXT_MAX)).min(1).max(SECTION_FIELDS_MAX).optional(),
    accessory: accessory.optional(),
    expand: z.boolean().optional(),
  })
  .refine((block) => block.text !== undefined || block.fields !== undefined, {
    message: 'missing required field: text',
  });

export const header = z.strictObject({
  type: z.literal('header'),
  ...blockId,
  text: plainText(HEADER_TEXT_MAX),
});

export const divider = z.strictObject({ type: z.literal('divider'), ...blockId });

export const context = z.strictObject({
  type: z.literal('context'),
  ...blockId,
  elements: z.array(contextElement).min(1).max(CONTEXT_ELEMENTS_MAX),
});

export const actions = z.strictObject({
  type: z.literal('actions'),
  ...blockId,
  elements: z.array(actionElement).min(1).max(ACTIONS_ELEMENTS_MAX),
});

export const input = z.strictObject({
  type: z.literal('input'),
  ...blockId,
  label: plainText(INPUT_LABEL_MAX),
  element: inputElement,
  hint: plainText(INPUT_HINT_MAX).optional(),
  optional: z.boolean().optional(),
  dispatch_action: z.boolean().optional(),
});

export const image = z
  .strictObject({
    type: z.literal('image'),
    ...blockId,
    image_url: webUrl.optional(),
    slack_file: z.looseObject({}).optional(),
    alt_text: z.string().min(1).max(IMAGE_ALT_MAX),
    title: plainText(IMAGE_TITLE_MAX).optional(),
  })
  .refine((block) => (block.image_url === undefined) !== (block.slack_file === undefined), {
    message: 'must have one of image_url and slack_file',
  });

export const markdown = z.strictObject({
  type: z.literal('markdown'),
  ...blockId,
  text: z.string().min(1).max(MARKDOWN_TEXT_MAX),
});

export const video = z.strictObject({
  type: z.literal('video'),
  ...blockId,
  video_url: webUrl,
  thumbnail_url: webUrl,
  alt_text: z.string().min(1).max(IMAGE_ALT_MAX),
  title: plainText(VIDEO_TITLE_MAX),
  title_url: webUrl.optional(),
  author_name: z.string().max(VIDEO_AUTHOR_MAX).optional(),
  provider_name: z.string().optional(),
  provider_icon_url: webUrl.optional(),
  description: plainText(VIDEO_TITLE_MAX).optional(),
});

export const alert = z.strictObject({
  type: z.literal('alert'),
  ...blockId,
  text: anyText(SECTION_TEXT_MAX),
  level: z.enum(['default', 'info', 'warning', 'error', 'success']).optional(),
});

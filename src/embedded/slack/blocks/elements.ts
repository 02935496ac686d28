import { z } from 'zod';
import {
  ACCESSIBILITY_LABEL_MAX,
  ACTION_ID_MAX,
  BUTTON_TEXT_MAX,
  BUTTON_URL_MAX,
  BUTTON_VALUE_MAX,
  CHOICE_OPTIONS_MAX,
  FILES_PER_INPUT_MAX,
  OVERFLOW_OPTIONS_MAX,
  PLACEHOLDER_MAX,
  TEXT_INPUT_LENGTH_MAX,
} from '../limits.ts';
import { choiceOption, confirmation, overflowOption, plainText, style } from './composition.ts';

/** Buttons, choices and things to write in. Menus have a file of their own. */

const actionId = z.string().min(1).max(ACTION_ID_MAX).optional();
const placeholder = plainText(PLACEHOLDER_MAX).optional();
const focus = z.boolean().optional();

const actionable = { action_id: actionId, confirm: confirmation.optional() };
const focusable = { ...actionable, focus_on_load: focus };
export const placeholdable = { ...focusable, placeholder };

const dispatchConfig = z.strictObject({
  trigger_actions_on: z
    .array(z.enum(['on_enter_pressed', 'on_character_entered']))
    .min(1)
    .optional(),
});

const writable = {
  action_id: actionId,
  placeholder,
  focus_on_load: focus,
  dispatch_action_config: dispatchConfig.optional(),
};

export const button = z.strictObject({
  type: z.literal('button'),
  ...actionable,
  text: plainText(BUTTON_TEXT_MAX),
  value: z.string().max(BUTTON_VALUE_MAX).optional(),
  url: z.string().max(BUTTON_URL_MAX).optional(),
  style: style.optional(),
  accessibility_label: z.string().max(ACCESSIBILITY_LABEL_MAX).optional(),
});

export const overflow = z.strictObject({
  type: z.literal('overflow'),
  ...actionable,
  options: z.array(overflowOption).min(1).max(OVERFLOW_OPTIONS_MAX),
});

export const checkboxes = z.strictObject({
  type: z.literal('checkboxes'),
  ...focusable,
  options: z.array(choiceOption).min(1).max(CHOICE_OPTIONS_MAX),
  initial_options: z.array(choiceOption).min(1).max(CHOICE_OPTIONS_MAX).optional(),
});

export const radioButtons = z.strictObject({
  type: z.literal('radio_buttons'),
  ...focusable,
  options: z.array(choiceOption).min(1).max(CHOICE_OPTIONS_MAX),
  initial_option: choiceOption.optional(),
});

export const datepicker = z.strictObject({
  type: z.literal('datepicker'),
  ...placeholdable,
  initial_date: z
    .string()
    .regex(/^\d{4}-\d{2}-\d{2}$/, 'must be a date formatted as YYYY-MM-DD')
    .optional(),
});

export const timepicker = z.strictObject({
  type: z.literal('timepicker'),
  ...placeholdable,
  initial_time: z
    .string()
    .regex(/^\d{2}:\d{2}$/, 'must be a time formatted as HH:mm')
    .optional(),
  timezone: z.string().optional(),
});

export const datetimepicker = z.strictObject({
  type: z.literal('datetimepicker'),
  ...focusable,
  initial_date_time: z.number().int().min(1_000_000_000).max(9_999_999_999).optional(),
});

export const plainTextInput = z.strictObject({
  type: z.literal('plain_text_input'),
  ...writable,
  initial_value: z.string().max(TEXT_INPUT_LENGTH_MAX).optional(),
  multiline: z.boolean().optional(),
  min_length: z.number().int().min(0).max(TEXT_INPUT_LENGTH_MAX).optional(),
  max_length: z.number().int().min(1).max(TEXT_INPUT_LENGTH_MAX).optional(),
});

export const emailInput = z.strictObject({
  type: z.literal('email_text_input'),
  ...writable,
  initial_value: z.string().optional(),
});

export const urlInput = z.strictObject({
  type: z.literal('url_text_input'),
  ...writable,
  initial_value: z.string().optional(),
});

const decimal = z.string().regex(/^-?\d+(\.\d+)?$/, 'must be a number written as a string');

export const numberInput = z.strictObject({
  type: z.literal('number_input'),
  ...writable,
  is_decimal_allowed: z.boolean(),
  initial_value: decimal.optional(),
  min_value: decimal.optional(),
  max_value: decimal.optional(),
});

export const richTextInput = z.strictObject({
  type: z.literal('rich_text_input'),
  ...writable,
  initial_value: z.looseObject({ type: z.literal('rich_text') }).optional(),
});

export const fileInput = z.strictObject({
  type: z.literal('file_input'),
  action_id: actionId,
  filetypes: z.array(z.string()).optional(),
  max_files: z.number().int().min(1).max(FILES_PER_INPUT_MAX).optional(),
});

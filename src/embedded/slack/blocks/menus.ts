import { z } from 'zod';
import { SELECT_GROUPS_MAX, SELECT_OPTIONS_MAX } from '../limits.ts';
import { menuOption, optionGroup } from './composition.ts';
import { placeholdable } from './elements.ts';

const listed = {
  options: z.array(menuOption).min(1).max(SELECT_OPTIONS_MAX).optional(),
  option_groups: z.array(optionGroup).min(1).max(SELECT_GROUPS_MAX).optional(),
};
const several = { ...placeholdable, max_selected_items: z.number().int().min(1).optional() };
const query = { min_query_length: z.number().int().min(0).optional() };
const conversationFilter = z.strictObject({
  include: z.array(z.enum(['im', 'mpim', 'private', 'public'])).optional(),
  exclude_external_shared_channels: z.boolean().optional(),
  exclude_bot_users: z.boolean().optional(),
});
const conversations = {
  default_to_current_conversation: z.boolean().optional(),
  filter: conversationFilter.optional(),
};
const respondable = { response_url_enabled: z.boolean().optional() };

type Listed = { options?: unknown[] | undefined; option_groups?: unknown[] | undefined };

function hasOneList(menu: Listed): boolean {
  return (menu.options === undefined) !== (menu.option_groups === undefined);
}

const ONE_LIST = { message: 'must have one of options and option_groups' };

const singleMenus = [
  z
    .strictObject({
      type: z.literal('static_select'),
      ...placeholdable,
      ...listed,
      initial_option: menuOption.optional(),
    })
    .refine(hasOneList, ONE_LIST),
  z.strictObject({
    type: z.literal('external_select'),
    ...placeholdable,
    ...query,
    initial_option: menuOption.optional(),
  }),
  z.strictObject({
    type: z.literal('users_select'),
    ...placeholdable,
    initial_user: z.string().optional(),
  }),
  z.strictObject({
    type: z.literal('conversations_select'),
    ...placeholdable,
    ...conversations,
    ...respondable,
    initial_conversation: z.string().optional(),
  }),
  z.strictObject({
    type: z.literal('channels_select'),
    ...placeholdable,
    ...respondable,
    initial_channel: z.string().optional(),
  }),
] as const;

const multiMenus = [
  z
    .strictObject({
      type: z.literal('multi_static_select'),
      ...several,
      ...listed,
      initial_options: z.array(menuOption).max(SELECT_OPTIONS_MAX).optional(),
    })
    .refine(hasOneList, ONE_LIST),
  z.strictObject({
    type: z.literal('multi_external_select'),
    ...several,
    ...query,
    initial_options: z.array(menuOption).max(SELECT_OPTIONS_MAX).optional(),
  }),
  z.strictObject({
    type: z.literal('multi_users_select'),
    ...several,
    initial_users: z.array(z.string()).optional(),
  }),
  z.strictObject({
    type: z.literal('multi_conversations_select'),
    ...several,
    ...conversations,
    initial_conversations: z.array(z.string()).optional(),
  }),
  z.strictObject({
    type: z.literal('multi_channels_select'),
    ...several,
    initial_channels: z.array(z.string()).optional(),
  }),
] as const;

export const menus = [...singleMenus, ...multiMenus] as const;

import { z } from 'zod';
import {
  CALLBACK_ID_MAX,
  EXTERNAL_ID_MAX,
  MESSAGE_BLOCKS_MAX,
  MODAL_BUTTON_MAX,
  MODAL_TITLE_MAX,
  PRIVATE_METADATA_MAX,
  VIEW_BLOCKS_MAX,
} from '../limits.ts';
import { plainText } from './composition.ts';
import { dataVisualization, table } from './data.ts';
import {
  actions,
  alert,
  context,
  divider,
  header,
  image,
  input,
  markdown,
  section,
  video,
} from './layout.ts';
import { richText } from './rich-text.ts';

/** Where a block may be shown. */

const everywhere = [
  actions,
  context,
  divider,
  header,
  image,
  input,
  richText,
  section,
  video,
] as const;

const messageBlock = z.discriminatedUnion('type', [
  ...everywhere,
  markdown,
  table,
  dataVisualization,
]);

export const messageBlocks = z.array(messageBlock).max(MESSAGE_BLOCKS_MAX);

const modalBlocks = z
  .array(z.discriminatedUnion('type', [...everywhere, alert]))
  .min(1)
  .max(VIEW_BLOCKS_MAX);

const homeBlocks = z.array(z.discriminatedUnion('type', everywhere)).max(VIEW_BLOCKS_MAX);

const viewFields = {
  private_metadata: z.string().max(PRIVATE_METADATA_MAX).optional(),
  callback_id: z.string().max(CALLBACK_ID_MAX).optional(),
  external_id: z.string().max(EXTERNAL_ID_MAX).optional(),
};

const button = plainText(MODAL_BUTTON_MAX).optional();

const modal = z
  .strictObject({
    type: z.literal('modal'),
    title: plainText(MODAL_TITLE_MAX),
    submit: button,
    close: button,
    blocks: modalBlocks,
    ...viewFields,
    clear_on_close: z.boolean().optional(),
    notify_on_close: z.boolean().optional(),
    submit_disabled: z.boolean().optional(),
  })
  .refine(
    (view) => view.submit !== undefined || view.blocks.every((block) => block.type !== 'input'),
    { message: 'must define `submit` to use an `input` block in modals' },
  );

const home = z.strictObject({
  type: z.literal('home'),
  blocks: homeBlocks,
  ...viewFields,
});

export const anyView = z.discriminatedUnion('type', [modal, home]);

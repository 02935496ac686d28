import type { z } from 'zod';
import {
  CHARTS_PER_MESSAGE_MAX,
  MESSAGE_BLOCKS_TEXT_MAX,
  TABLES_PER_MESSAGE_MAX,
  TABLE_TEXT_MAX,
} from '../limits.ts';
import type { Block, Element } from '../model.ts';
import { pointerMessages } from './pointers.ts';
import { anyView, messageBlocks } from './surfaces.ts';

export type Checked<T> =
  | { ok: true; value: T }
  | { ok: false; error: 'invalid_blocks' | 'msg_blocks_too_long'; messages: string[] };

export type ViewInput = z.infer<typeof anyView> & { blocks: Block[] };

/** Every element that a person can act on, with its block. */
export function interactiveElements(
  blocks: readonly Block[],
): { block: Block; element: Element }[] {
  return blocks.flatMap((block) =>
    elementsOf(block)
      .filter((element) => element.action_id !== undefined)
      .map((element) => ({ block, element })),
  );
}

function elementsOf(block: Block): Element[] {
  switch (block.type) {
    case 'actions':
      return block.elements ?? [];
    case 'section':
      return block.accessory === undefined ? [] : [block.accessory];
    case 'input':
      return block.element === undefined ? [] : [block.element];
    default:
      return [];
  }
}

function repeated(values: readonly (string | undefined)[]): string | undefined {
  return values.find((value, index) => value !== undefined && values.indexOf(value) !== index);
}

function repetitions(blocks: readonly Block[], base: string): string[] {
  const messages: string[] = [];
  const blockId = repeated(blocks.map((block) => block.block_id));
  if (blockId !== undefined) {
    messages.push(`[ERROR] block_id "${blockId}" already exists [json-pointer:${base}]`);
  }
  blocks.forEach((block, index) => {
    const actionId = repeated(elementsOf(block).map((element) => element.action_id));
    if (actionId !== undefined) {
      const at = `${base}/${index}/elements`;
      messages.push(`[ERROR] action_id "${actionId}" already exists [json-pointer:${at}]`);
    }
  });
  return messages;
}

function offered(element: Element): string[] {
  const options = [
    ...(element.options ?? []),
    ...(element.option_groups ?? []).flatMap((group) => group.options),
  ];
  return options.map((option) => `${option.value}\n${option.text.text}`);
}

function strayInitialOptions(blocks: readonly Block[], base: string): string[] {
  return blocks.flatMap((block, index) =>
    elementsOf(block)
      .filter((element) => element.options !== undefined || element.option_groups !== undefined)
      .filter((element) => {
        const initial = [element['initial_option'], element['initial_options']].flat();
        const known = offered(element);
        return (initial as ({ value: string; text: { text: string } } | undefined)[]).some(
          (option) =>
            option !== undefined && !known.includes(`${option.value}\n${option.text.text}`),
        );
      })
      .map(
        () => `[ERROR] initial option must be one of the options [json-pointer:${base}/${index}]`,
      ),
  );
}

function charactersIn(value: unknown): number {
  if (typeof value !== 'object' || value === null) {
    return 0;
  }
  return Object.entries(value).reduce(
    (sum, [name, inner]) =>
      sum + (name === 'text' && typeof inner === 'string' ? inner.length : charactersIn(inner)),
    0,
  );
}

function crowding(blocks: readonly Block[], base: string): string[] {
  const tables = blocks.filter((block) => block.type === 'table');
  const charts = blocks.filter((block) => block.type === 'data_visualization');
  const messages: string[] = [];
  if (tables.length > TABLES_PER_MESSAGE_MAX) {
    messages.push(`[ERROR] only_one_table_allowed [json-pointer:${base}]`);
  }
  if (charts.length > CHARTS_PER_MESSAGE_MAX) {
    messages.push(
      `[ERROR] no more than ${CHARTS_PER_MESSAGE_MAX} data_visualization blocks allowed [json-pointer:${base}]`,
    );
  }
  if (tables.some((table) => charactersIn(table['rows']) > TABLE_TEXT_MAX)) {
    messages.push(
      `[ERROR] must be less than ${TABLE_TEXT_MAX + 1} characters in all cells [json-pointer:${base}]`,
    );
  }
  return messages;
}

/** What the shape alone does not say: names used twice, choices that are not offered, too much. */
function otherFaults(blocks: readonly Block[], base: string): string[] {
  return [
    ...repetitions(blocks, base),
    ...strayInitialOptions(blocks, base),
    ...crowding(blocks, base),
  ];
}

/** Checks the blocks of a message. Refuses as Slack does, naming each faulty place. */
export function checkMessageBlocks(blocks: unknown, base = '/blocks'): Checked<Block[]> {
  const parsed = messageBlocks.safeParse(blocks);
  if (!parsed.success) {
    const messages = pointerMessages(parsed.error.issues, base);
    return { ok: false, error: 'invalid_blocks', messages };
  }
  const value = structuredClone(blocks) as Block[];
  const messages = otherFaults(value, base);
  if (messages.length > 0) {
    return { ok: false, error: 'invalid_blocks', messages };
  }
  const characters = charactersIn(value.filter((block) => block.type !== 'table'));
  if (characters > MESSAGE_BLOCKS_TEXT_MAX) {
    const message = `[ERROR] ${characters} characters in blocks, ${MESSAGE_BLOCKS_TEXT_MAX} are allowed [json-pointer:${base}]`;
    return { ok: false, error: 'msg_blocks_too_long', messages: [message] };
  }
  return { ok: true, value };
}

/** Checks a modal or a home tab. */
export function checkView(view: unknown, base = '/view'): Checked<ViewInput> {
  const parsed = anyView.safeParse(view);
  if (!parsed.success) {
    const messages = pointerMessages(parsed.error.issues, base);
    return { ok: false, error: 'invalid_blocks', messages };
  }
  const value = structuredClone(view) as ViewInput;
  const messages = otherFaults(value.blocks, `${base}/blocks`);
  return messages.length > 0
    ? { ok: false, error: 'invalid_blocks', messages }
    : { ok: true, value };
}

import { doorTo } from '../serve-call.ts';
import { readMessagesBody } from './body.ts';
import { ANTHROPIC_WORDS } from './words.ts';

export const MESSAGES_PATH = '/v1/messages';

/** The door of Anthropic's dialect. */
export const MESSAGES_DOOR = doorTo(
  (bytes, { headers }) => readMessagesBody(bytes, headers),
  ANTHROPIC_WORDS,
);

import type { Button } from '@slack/types';
import { button } from './kit.ts';

/** Opens the form of a subcommand, also of one that needs no words. */
export function formButton(label: string, commandText: string): Button {
  return button({ id: `form:${commandText}`, label, value: commandText, style: 'primary' });
}

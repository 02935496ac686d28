import type { Button } from '@slack/types';
import { button } from './kit.ts';

/** Opens the form of a subcommand, also of one that needs no words. The next likely step unless `isPlain`. */
export function formButton(
  label: string,
  commandText: string,
  { isPlain = false }: { readonly isPlain?: boolean } = {},
): Button {
  return button({
    id: `form:${commandText}`,
    label,
    value: commandText,
    ...(isPlain ? {} : { style: 'primary' }),
  });
}

import type { Button } from '@slack/types';
import { button } from './kit.ts';
import { objectIn } from './run-button.ts';

/** What a Top up button, and the form that it opens, carry. */
export interface TopUpValue {
  readonly team: string;
  /** Under which the top-up is posted; absent: one of the form's own. */
  readonly reference?: string;
}

interface TopUpOptions {
  readonly reference?: string;
  readonly style?: 'primary' | 'danger';
}

export function topUpButton(teamId: string, { reference, style }: TopUpOptions = {}): Button {
  const value: TopUpValue = { team: teamId, ...(reference === undefined ? {} : { reference }) };
  return button({
    id: 'top_up',
    label: 'Top up',
    value: JSON.stringify(value),
    ...(style === undefined ? {} : { style }),
  });
}

export function topUpValueOf(value: string | undefined): TopUpValue | undefined {
  const parsed = objectIn(value);
  return typeof parsed?.['team'] === 'string' ? (parsed as unknown as TopUpValue) : undefined;
}

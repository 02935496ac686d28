import type { ViewOutput } from '@slack/bolt';

/** What stands in a field: text, the chosen value or values (with commas), or nothing. */
export function entered(view: Pick<ViewOutput, 'state'>, field: string): string | undefined {
  const state = view.state.values[field]?.[field];
  const chosen = state?.selected_options?.map((option) => option.value).join(',');
  const value =
    state?.value ??
    state?.selected_option?.value ??
    state?.selected_conversation ??
    state?.selected_user ??
    chosen;
  return value === undefined || value === null || value.trim() === '' ? undefined : value.trim();
}

/** What stands in each of these fields; those left empty are absent. */
export function enteredIn(
  view: Pick<ViewOutput, 'state'>,
  fields: readonly string[],
): Record<string, string> {
  const pairs = fields.map((field) => [field, entered(view, field)] as const);
  return Object.fromEntries(
    pairs.filter((pair): pair is [string, string] => pair[1] !== undefined),
  );
}

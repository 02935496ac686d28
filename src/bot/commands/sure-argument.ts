/** Pressing the button of the question is the answer. */
export const SURE = {
  name: 'sure',
  kind: 'yes_no',
  internal: true,
  example: 'sure=yes',
  says: 'does not ask first',
} as const;

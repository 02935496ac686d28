// What may be said when something is suspended, paused or archived, whatever it is.

export const STATUS_ARGUMENTS = [
  {
    name: 'reason',
    kind: 'text',
    example: 'reason="Unpaid invoice"',
    says: 'stands in the audit trail and is shown with it',
  },
  {
    name: 'until',
    kind: 'end',
    example: 'until=friday',
    says: 'when it lifts by itself: 2d, friday, 2026-12-01; the day is included',
  },
] as const;

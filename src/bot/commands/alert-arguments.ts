// What may be said about alerts, whosever they are.

import type { Argument } from './definition.ts';

export const ALERT_ARGUMENTS = [
  {
    name: 'what',
    kind: 'word',
    choices: ['change'],
    positional: true,
    example: 'change',
    says: 'change opens a form; without it, the settings are shown',
  },
  {
    name: 'thresholds',
    kind: 'text',
    example: 'thresholds=50,20,5',
    says: 'percent of the latest funding at which low credit is told; 0 always is',
  },
  {
    name: 'budgets',
    kind: 'text',
    example: 'budgets=50,80',
    says: 'percent of each budget at which its spend is told; 100 and soft amounts always are',
  },
  {
    name: 'owner',
    kind: 'person_or_none',
    example: 'owner=@maya',
    says: 'who is mentioned, and nobody else; none for nobody',
  },
  {
    name: 'warnings',
    kind: 'channel_or_own',
    example: 'warnings=#acme-prod',
    says: 'the channel for warnings; own for that of the team or the organization',
  },
  {
    name: 'critical',
    kind: 'channel_or_own',
    example: 'critical=#quartermaster-ops',
    says: 'the channel for what is critical; own for that of the team or the organization',
  },
  {
    name: 'quiet',
    kind: 'text',
    example: 'quiet=22:00-07:00',
    says: 'hours in which only what is critical is told; none for no such hours',
  },
  {
    name: 'zone',
    kind: 'text',
    example: 'zone=Europe/Berlin',
    says: 'the time zone of the quiet hours; that of the organization if absent',
  },
  {
    name: 'off',
    kind: 'text',
    example: 'off=unusual_usage,error_spike',
    says: 'what is not told; none to tell everything',
  },
  {
    name: 'periods',
    kind: 'text',
    example: 'periods=on',
    says: 'tells in that channel what became of each period of its budgets; off is usual',
  },
] as const satisfies readonly Argument[];

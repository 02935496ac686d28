import { runStatus } from '../../statuses.ts';
import { subcommand } from '../definition.ts';
import { STATUS_ARGUMENTS } from '../status-arguments.ts';
import { TEAM } from './team-argument.ts';

export const suspend = subcommand({
  name: 'suspend',
  says: 'Suspends a team, after asking: its next call gets 403.',
  role: 'manager',
  arguments: [TEAM, ...STATUS_ARGUMENTS],
  examples: ['suspend acme-prod reason="Unpaid invoice"', 'suspend acme-prod until=friday'],
  run: async (call, { values: { team = '', ...words } }) =>
    runStatus(call, { kind: 'team', id: team }, 'suspend', words),
});

export const pause = subcommand({
  name: 'pause',
  says: 'Pauses a team until it is resumed.',
  role: 'manager',
  arguments: [TEAM, ...STATUS_ARGUMENTS],
  examples: ['pause acme-prod', 'pause acme-prod until=2h'],
  run: async (call, { values: { team = '', ...words } }) =>
    runStatus(call, { kind: 'team', id: team }, 'pause', words),
});

export const archive = subcommand({
  name: 'archive',
  says: 'Archives a team, after asking: its calls get 403, its records stay.',
  role: 'manager',
  arguments: [TEAM, ...STATUS_ARGUMENTS],
  examples: ['archive acme-prod reason="Contract ended"'],
  run: async (call, { values: { team = '', ...words } }) =>
    runStatus(call, { kind: 'team', id: team }, 'archive', words),
});

export const resume = subcommand({
  name: 'resume',
  says: 'Lets a suspended, paused or archived team call again.',
  role: 'manager',
  arguments: [TEAM],
  examples: ['resume acme-prod'],
  run: async (call, { values: { team = '' } }) =>
    runStatus(call, { kind: 'team', id: team }, 'resume', {}),
});

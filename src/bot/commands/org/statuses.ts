import { runStatus } from '../../statuses.ts';
import { subcommand } from '../definition.ts';
import { STATUS_ARGUMENTS } from '../status-arguments.ts';
import { ORGANIZATION } from './organization-argument.ts';

export const suspend = subcommand({
  name: 'suspend',
  says: 'Suspends a customer, after asking: the next call of all its teams gets 403.',
  role: 'manager',
  arguments: [ORGANIZATION, ...STATUS_ARGUMENTS],
  examples: ['suspend acme reason="Unpaid invoice"', 'suspend acme until=friday'],
  run: async (call, { values: { org = '', ...words } }) =>
    runStatus(call, { kind: 'organization', id: org }, 'suspend', words),
});

export const pause = subcommand({
  name: 'pause',
  says: 'Pauses a customer until it is resumed.',
  role: 'manager',
  arguments: [ORGANIZATION, ...STATUS_ARGUMENTS],
  examples: ['pause acme', 'pause acme until=2h'],
  run: async (call, { values: { org = '', ...words } }) =>
    runStatus(call, { kind: 'organization', id: org }, 'pause', words),
});

export const archive = subcommand({
  name: 'archive',
  says: 'Archives a customer, after asking: its calls get 403, its records stay.',
  role: 'manager',
  arguments: [ORGANIZATION, ...STATUS_ARGUMENTS],
  examples: ['archive acme reason="Contract ended"'],
  run: async (call, { values: { org = '', ...words } }) =>
    runStatus(call, { kind: 'organization', id: org }, 'archive', words),
});

export const resume = subcommand({
  name: 'resume',
  says: 'Lets a customer call again; teams that are suspended themselves stay so.',
  role: 'manager',
  arguments: [ORGANIZATION],
  examples: ['resume acme'],
  run: async (call, { values: { org = '' } }) =>
    runStatus(call, { kind: 'organization', id: org }, 'resume', {}),
});

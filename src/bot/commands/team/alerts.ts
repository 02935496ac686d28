import { showOrSetAlerts } from '../../alert-settings.ts';
import { subcommand } from '../definition.ts';
import { TEAM } from './team-argument.ts';

export const alerts = subcommand({
  name: 'alerts',
  says: 'Shows what is told of a team, where and to whom; managers set it.',
  role: 'viewer',
  arguments: [
    TEAM,
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
      kind: 'text',
      example: 'owner=@maya',
      says: 'who is mentioned, and nobody else; none for nobody',
    },
    {
      name: 'warnings',
      kind: 'text',
      example: 'warnings=#acme-prod',
      says: 'the channel for warnings; team for the channel of the team',
    },
    {
      name: 'critical',
      kind: 'text',
      example: 'critical=#quartermaster-ops',
      says: 'the channel for what is critical; team for the channel of the team',
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
      says: 'tells in the channel of the team what became of each period of its budgets; off is usual',
    },
  ],
  examples: [
    'alerts acme-prod',
    'alerts acme-prod change',
    'alerts acme-prod thresholds=50,20,5 owner=@maya quiet=22:00-07:00',
  ],
  async run(call, { values: { team, what, ...words } }) {
    await showOrSetAlerts(call, team ?? '', words, what === 'change');
  },
});

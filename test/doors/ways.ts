// How each command is given at each door.

import type { Command } from './model.ts';

/** Ids as this world has them. */
export interface Ids {
  readonly organizationId: string;
  readonly teamId: string;
  /** Of the key that is meant. */
  readonly keyId: string;
}

export type HttpRequest = readonly [method: string, path: string, body?: object];

/** What is typed, and the button that answers the question that follows. */
export interface Typed {
  readonly text: string;
  readonly press?: string;
}

const GRACE_SECONDS = 3_600;
const BUDGET_PERIOD = '30d';
const VERBS = { active: 'resume', suspended: 'suspend', paused: 'pause' } as const;

export function saasWay(command: Command, { organizationId, teamId, keyId }: Ids): HttpRequest {
  const team = `/api/teams/${teamId}`;
  switch (command.do) {
    case 'create': {
      const own = { access_groups: ['gpt-models'], credits_allocated: command.credits };
      const body = { organization_id: organizationId, team_id: teamId, ...own };
      return ['POST', '/api/teams/create', body];
    }
    case 'top up':
      return ['POST', '/api/credits/add', { team_id: teamId, amount: command.credits }];
    case 'deduct': {
      const body = { team_id: teamId, credits: command.credits, reason: 'Booked twice' };
      return ['POST', '/api/credits/deduct', body];
    }
    case 'set status':
      return ['POST', `${team}/${VERBS[command.status]}`, {}];
    case 'replace ceilings':
      return [
        'PUT',
        `${team}/limits`,
        {
          limits: command.perMinute === null ? [] : [{ kind: 'requests', max: command.perMinute }],
          budgets: command.usd === null ? [] : [{ max_usd: command.usd, duration: BUDGET_PERIOD }],
        },
      ];
    case 'replace models':
      return ['PUT', team, partsOf(command.models)];
    case 'add person':
      return ['POST', `${team}/members`, { user_id: command.person, create_user: true }];
    case 'remove person':
      return ['DELETE', `${team}/members/${command.person}`];
    case 'change role':
      return ['PUT', `${team}/members/${command.person}`, { role: command.role }];
    case 'make key':
      return [
        'POST',
        '/api/keys/create',
        { team_id: teamId, name: command.key, user_id: command.owner },
      ];
    case 'set key status':
      return command.status === 'revoked'
        ? ['DELETE', `/api/keys/${keyId}`]
        : ['POST', `/api/keys/${keyId}/${command.status === 'active' ? 'unblock' : 'block'}`, {}];
    case 'rotate key':
      return ['POST', `/api/keys/${keyId}/rotate`, { grace_seconds: GRACE_SECONDS }];
    default:
      throw new Error(`The SaaS dialect does not offer "${command.do}"`);
  }
}

function partsOf(names: readonly string[]) {
  const isGroup = (name: string): boolean => name.endsWith('-models');
  return {
    access_groups: names.filter(isGroup),
    models: names.filter((name) => !isGroup(name)),
  };
}

export function liteLlmWay(command: Command, { organizationId, teamId, keyId }: Ids): HttpRequest {
  const team = { team_id: teamId };
  const update = (fields: object): HttpRequest => ['POST', '/team/update', { ...team, ...fields }];
  switch (command.do) {
    case 'create': {
      const body = { ...team, organization_id: organizationId, models: ['gpt-models'] };
      return ['POST', '/team/new', body];
    }
    case 'set status':
      return ['POST', command.status === 'active' ? '/team/unblock' : '/team/block', team];
    case 'set budget':
      return update({ max_budget: command.usd, budget_duration: BUDGET_PERIOD });
    case 'set requests':
      return update({ rpm_limit: command.perMinute });
    case 'add models':
      return ['POST', '/team/model/add', { ...team, models: command.models }];
    case 'remove models':
      return ['POST', '/team/model/delete', { ...team, models: command.models }];
    case 'replace models':
      return update({ models: command.models });
    case 'add person': {
      const member = { user_id: command.person, role: 'user' };
      return ['POST', '/team/member_add', { ...team, member }];
    }
    case 'remove person':
      return ['POST', '/team/member_delete', { ...team, user_id: command.person }];
    case 'change role':
      return [
        'POST',
        '/team/member_update',
        { ...team, user_id: command.person, role: command.role },
      ];
    case 'make key':
      return ['POST', '/key/generate', { ...team, key_alias: command.key, user_id: command.owner }];
    case 'set key status':
      return command.status === 'revoked'
        ? ['POST', '/key/delete', { keys: [keyId] }]
        : ['POST', `/key/${command.status === 'active' ? 'unblock' : 'block'}`, { key: keyId }];
    case 'rotate key':
      return ['POST', '/key/regenerate', { key: keyId, grace_period: `${GRACE_SECONDS}s` }];
    default:
      throw new Error(`LiteLLM's dialect does not offer "${command.do}"`);
  }
}

export function slackWay(command: Command, { organizationId, teamId }: Ids): Typed {
  const of = (text: string): Typed => ({ text: `/team ${text}` });
  switch (command.do) {
    case 'create':
      return of(
        `create ${teamId} org=${organizationId} credits=${command.credits} groups=gpt-models`,
      );
    case 'top up':
      return of(`topup ${teamId} ${command.credits} reason="Invoice 17"`);
    case 'deduct': {
      const text = `credits deduct ${teamId} ${command.credits} reason="Booked twice"`;
      return { ...of(text), press: 'Deduct' };
    }
    case 'set status':
      return command.status === 'suspended'
        ? { ...of(`suspend ${teamId} reason=Unpaid`), press: 'Suspend' }
        : of(`${VERBS[command.status]} ${teamId}`);
    case 'set budget': {
      const max = command.usd === null ? 'off' : `$${command.usd}`;
      return of(`budget ${teamId} max=${max} every=${BUDGET_PERIOD}`);
    }
    case 'set requests':
      return of(`limits ${teamId} requests=${command.perMinute ?? 'off'}`);
    case 'add models':
      return of(`models ${teamId} add=${command.models.join(',')}`);
    case 'remove models':
      return of(`models ${teamId} remove=${command.models.join(',')}`);
    case 'add person':
      return of(`members ${teamId} add=${command.person}`);
    case 'remove person':
      return of(`members ${teamId} remove=${command.person}`);
    case 'make key': {
      const owner = command.owner === null ? '' : ` owner=${command.owner}`;
      return of(`key new ${teamId} name=${command.key}${owner}`);
    }
    case 'set key status':
      return command.status === 'revoked'
        ? { ...of(`key revoke ${teamId} ${command.key}`), press: 'Revoke' }
        : of(`key ${command.status === 'active' ? 'unblock' : 'block'} ${teamId} ${command.key}`);
    case 'rotate key':
      return of(`key rotate ${teamId} ${command.key} grace=${GRACE_SECONDS}s`);
    default:
      throw new Error(`Slack does not offer "${command.do}"`);
  }
}

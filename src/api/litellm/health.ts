// What a monitor of LiteLLM asks.

import { z } from 'zod';
import { may } from '../../core/permission/permissions.ts';
import { endpoint } from '../endpoint.ts';
import { NO_QUERY, NOTHING } from '../shape.ts';
import { MODEL_HEALTH } from './answers/reports.ts';
import { ROLES_AVAILABLE } from './answers/changes.ts';

/** As SaaS LiteLLM says that it is there. */
const ALIVE = { status: 'healthy', service: 'saas-llm-api' } as const;

export const healthEndpoint = endpoint({
  summary: 'Which models are served; whether each answers is seen by calls, not tried here',
  better: ['Answers also what a monitor of SaaS LiteLLM asks, and no more than that to strangers.'],
  action: 'session.open',
  target: 'nothing',
  body: NOTHING,
  query: NO_QUERY,
  answer: MODEL_HEALTH,
  async handle({ stores, caller }) {
    if (!may(caller, 'system.read')) {
      return ALIVE;
    }
    const groups = await stores.records.accessGroups.list();
    const models = [...new Set(groups.flatMap(({ aliases }) => aliases))].sort();
    return {
      ...ALIVE,
      healthy_endpoints: models.map((model) => ({ model })),
      unhealthy_endpoints: [],
      healthy_count: models.length,
      unhealthy_count: 0,
    };
  },
});

export const availableRolesEndpoint = endpoint({
  summary: 'The roles that people may have',
  action: 'team.read',
  target: 'nothing',
  body: NOTHING,
  query: z.strictObject({}),
  answer: ROLES_AVAILABLE,
  handle: async () => ({
    org_admin: { description: 'Manages one organization', ui_label: 'Organization Admin' },
    internal_user: { description: 'What their teams give them', ui_label: 'Internal User' },
  }),
});

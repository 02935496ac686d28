// Where Slack has what the management API can change. Each item is one that test/bot/every-item.test.ts uses.

interface Nowhere {
  readonly why: string;
  /** Though its action is one of the desk's, it is about something else. */
  readonly isOutside?: true;
}

type Line = readonly string[] | Nowhere;

const READS: Nowhere = {
  why: 'It changes nothing: it is a question with a body.',
  isOutside: true,
};
const SECRET: Nowhere = {
  why: "It carries a provider's or a receiver's secret, and no secret passes through Slack.",
};
const SIGN_IN: Nowhere = {
  why: 'It signs people in at the management door by a password; in Slack, Slack does.',
};
const OPERATORS: Nowhere = {
  why: 'Receivers of events belong to programs, and whoever runs these sets them.',
};
const TAGS: Nowhere = {
  why: 'What is said of a tag is for reports of programs; usage by tag is read with /usage by=tag.',
  isOutside: true,
};
const END_USERS: Nowhere = {
  why: "They are the customers of a customer, named by its program's calls and nobody at the desk's.",
  isOutside: true,
};

const CREATE_ORGANIZATION = ['/org create', 'form onboard'];
const CHANGE_ORGANIZATION = ['/org set', '/org link', '/org models'];
const TOP_UP = ['/team topup', 'form top_up'];
const CHANGE_MODEL = ['/models edit'];
const MODELS = {
  create: ['/models new'],
  delete: ['/models delete'],
} as const;

const SAAS: Readonly<Record<string, Line>> = {
  'POST /api/organizations/create': CREATE_ORGANIZATION,
  'PUT /api/organizations/:id': CHANGE_ORGANIZATION,
  'POST /api/organizations/:id/suspend': ['/org suspend'],
  'PUT /api/organizations/:id/suspend': ['/org suspend'],
  'POST /api/organizations/:id/pause': ['/org pause'],
  'PUT /api/organizations/:id/pause': ['/org pause'],
  'POST /api/organizations/:id/archive': ['/org archive'],
  'PUT /api/organizations/:id/archive': ['/org archive'],
  'POST /api/organizations/:id/resume': ['/org resume'],
  'PUT /api/organizations/:id/resume': ['/org resume'],
  'PUT /api/organizations/:id/status': [
    '/org suspend',
    '/org pause',
    '/org archive',
    '/org resume',
  ],
  'DELETE /api/organizations/:id': ['/org archive'],
  'PUT /api/organizations/:id/limits': ['/org limits', '/org budget'],
  'PUT /api/organizations/:id/users/:user/limits': ['/org limits', '/org budget'],
  'PUT /api/organizations/:id/end-users/:user/limits': ['/org limits', '/org budget'],
  'PUT /api/teams/:id/limits': ['/team limits', '/team budget'],
  'PUT /api/teams/:id/members/:user/limits': ['/team limits', '/team budget'],
  'PUT /api/keys/:id/limits': ['/team limits', '/team budget'],

  'POST /api/teams/create': ['/team create', 'form create_team'],
  'PUT /api/teams/:id': ['/team edit', '/team models'],
  'POST /api/teams/:id/suspend': ['/team suspend', 'button suspend'],
  'PUT /api/teams/:id/suspend': ['/team suspend', 'button suspend'],
  'POST /api/teams/:id/pause': ['/team pause'],
  'PUT /api/teams/:id/pause': ['/team pause'],
  'POST /api/teams/:id/archive': ['/team archive'],
  'PUT /api/teams/:id/archive': ['/team archive'],
  'POST /api/teams/:id/resume': ['/team resume'],
  'PUT /api/teams/:id/resume': ['/team resume'],
  'DELETE /api/teams/:id': ['/team archive', '/team delete'],
  'PUT /api/teams/:id/access-groups': ['/team models'],
  'PUT /api/teams/:id/model-groups': ['/team models'],
  'PATCH /api/teams/:id/markup': ['/team edit'],
  'POST /api/teams/:id/members': ['/team members'],
  'PUT /api/teams/:id/members/:user': ['/team members'],
  'DELETE /api/teams/:id/members/:user': ['/team members'],

  'POST /api/keys/create': ['/team key new'],
  'POST /api/keys/bring': {
    why: 'It takes the hash of a secret of another system, which programs hand over by the thousand: `quartermaster import`.',
    isOutside: true,
  },
  'PUT /api/brought-spend': {
    why: 'It is what another system counted, row by row, which a program hands over: `quartermaster import`.',
    isOutside: true,
  },
  'PUT /api/brought-usage': {
    why: 'It is what another system counted, row by row, which a program hands over: `quartermaster import`.',
    isOutside: true,
  },
  'PUT /api/keys/:id': ['/team key edit', '/team key expire'],
  'DELETE /api/keys/:id': ['/team key revoke'],
  'POST /api/keys/:id/rotate': ['/team key rotate'],
  'POST /api/keys/:id/block': ['/team key block'],
  'POST /api/keys/:id/unblock': ['/team key unblock'],

  'POST /api/teams/:id/credits/allocate': TOP_UP,
  'POST /api/credits/add': TOP_UP,
  'POST /api/credits/teams/:id/add': TOP_UP,
  'POST /api/credits/teams/:id/replenish': TOP_UP,
  'POST /api/credits/grant': ['/team credits grant'],
  'POST /api/credits/deduct': ['/team credits deduct', 'button undo_top_up'],
  'POST /api/credits/refund': ['/team credits refund'],
  'POST /api/credits/transfer': ['/team credits transfer'],
  'POST /api/credits/check': READS,
  'POST /api/credits/teams/:id/check': READS,
  'PUT /api/credits/teams/:id/policy': ['/team credits policy'],
  'PUT /api/credits/teams/:id/auto-refill': ['/team credits refill'],
  'POST /api/credits/teams/:id/configure-auto-refill': ['/team credits refill'],
  'PATCH /api/credits/teams/:id/conversion-rates': ['/team edit'],
  'PATCH /api/credits/teams/:id/budget-mode': ['/team edit'],

  'POST /api/models/create': MODELS.create,
  'PUT /api/models/:id': CHANGE_MODEL,
  'DELETE /api/models/:id': MODELS.delete,
  'POST /api/model-aliases/create': MODELS.create,
  'PUT /api/model-aliases/:id': CHANGE_MODEL,
  'DELETE /api/model-aliases/:id': MODELS.delete,
  'POST /api/model-access-groups/create': ['/models group new'],
  'PUT /api/model-access-groups/:id': ['/models group edit'],
  'PUT /api/model-access-groups/:id/models': ['/models group edit'],
  'POST /api/model-access-groups/:id/add-models': ['/models group edit'],
  'POST /api/model-access-groups/:id/remove-models': ['/models group edit'],
  'DELETE /api/model-access-groups/:id': ['/models group delete'],

  'POST /api/approvals/:id/approve': ['button proposal_approve'],
  'POST /api/approvals/:id/reject': ['button proposal_reject', 'form proposal_reject'],
  'POST /api/approvals/:id/ask': ['button proposal_question', 'form proposal_question'],

  'POST /api/admin-users/setup': SIGN_IN,
  'POST /api/admin-users/login': SIGN_IN,
  'POST /api/admin-users/logout': SIGN_IN,
  'POST /api/admin-users/me/change-password': SIGN_IN,
  'POST /api/admin-users': SIGN_IN,
  'PUT /api/admin-users/:id': SIGN_IN,
  'DELETE /api/admin-users/:id': SIGN_IN,
  'POST /api/provider-credentials/create': SECRET,
  'PUT /api/provider-credentials/:id': SECRET,
  'DELETE /api/provider-credentials/:id': SECRET,
  'PUT /api/provider-credentials/:id/activate': SECRET,
  'PUT /api/provider-credentials/:id/deactivate': SECRET,
  'POST /api/webhooks': SECRET,
  'POST /api/webhooks/:id/rotate': SECRET,
  'PUT /api/webhooks/:id': OPERATORS,
  'DELETE /api/webhooks/:id': OPERATORS,
  'POST /api/webhooks/:id/resend': OPERATORS,
};

const LITELLM: Readonly<Record<string, Line>> = {
  'POST /team/new': ['/team create', 'form create_team'],
  'POST /team/update': ['/team edit', '/team models', '/team limits', '/team budget'],
  'POST /team/delete': ['/team delete'],
  'POST /team/block': ['/team suspend'],
  'POST /team/unblock': ['/team resume'],
  'POST /team/member_add': ['/team members'],
  'POST /team/bulk_member_add': ['/team members'],
  'POST /team/member_update': ['/team members', '/team limits', '/team budget'],
  'POST /team/member_delete': ['/team members'],
  'POST /team/model/add': ['/team models'],
  'POST /team/model/delete': ['/team models'],
  'POST /team/permissions_update': ['/team members'],
  'POST /key/generate': ['/team key new'],
  'POST /key/service-account/generate': ['/team key new'],
  'POST /key/update': ['/team key edit', '/team limits', '/team budget'],
  'POST /key/bulk_update': ['/team key edit'],
  'POST /key/delete': ['/team key revoke'],
  'POST /key/regenerate': ['/team key rotate'],
  'POST /key/:key/regenerate': ['/team key rotate'],
  'POST /key/block': ['/team key block'],
  'POST /key/unblock': ['/team key unblock'],
  'POST /key/health': READS,
  'POST /v2/key/info': READS,
  'POST /organization/new': CREATE_ORGANIZATION,
  'PATCH /organization/update': [...CHANGE_ORGANIZATION, '/org limits', '/org budget'],
  'DELETE /organization/delete': ['/org archive', '/team delete'],
  'POST /organization/info': READS,
  'POST /organization/member_add': ['/org members'],
  'PATCH /organization/member_update': ['/org members', '/org budget'],
  'DELETE /organization/member_delete': ['/org members'],
  'POST /budget/new': ['/quartermaster plan new'],
  'POST /budget/update': ['/quartermaster plan edit'],
  'POST /budget/delete': ['/quartermaster plan delete'],
  'POST /budget/info': READS,
  'POST /user/new': ['/org members', '/team members', '/team key new'],
  'POST /user/update': ['/org members', '/org limits', '/org budget'],
  'POST /user/bulk_update': ['/org members'],
  'POST /user/delete': ['/org members'],
  'POST /credentials': SECRET,
  'PATCH /credentials/:id': SECRET,
  'DELETE /credentials/:id': SECRET,
  'POST /model/block': CHANGE_MODEL,
  'POST /model/unblock': CHANGE_MODEL,
  'POST /model/new': MODELS.create,
  'POST /model/update': CHANGE_MODEL,
  'PATCH /model/:id/update': CHANGE_MODEL,
  'POST /model/delete': MODELS.delete,
  'POST /customer/new': END_USERS,
  'POST /customer/update': END_USERS,
  'POST /customer/delete': END_USERS,
  'POST /customer/block': END_USERS,
  'POST /customer/unblock': END_USERS,
  'POST /end_user/new': END_USERS,
  'POST /end_user/update': END_USERS,
  'POST /end_user/delete': END_USERS,
  'POST /end_user/block': END_USERS,
  'POST /end_user/unblock': END_USERS,
  'POST /global/spend/end_users': READS,
  'POST /spend/calculate': READS,
  'POST /tag/new': TAGS,
  'POST /tag/update': TAGS,
  'POST /tag/info': TAGS,
  'POST /tag/delete': TAGS,
};

/** By method and path. */
export const AT_THE_DESK: Readonly<Record<string, Line>> = { ...SAAS, ...LITELLM };

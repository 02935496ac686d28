// The table of contents of this dialect.

import type { Route } from '../dialect.ts';
import { keyLimits, memberLimits, organizationLimits, teamLimits, userLimits } from './ceilings.ts';
import {
  deductEndpoint,
  grantEndpoint,
  refundEndpoint,
  replenishEndpoint,
  transferEndpoint,
} from './credit-changes.ts';
import {
  autoRefillEndpoint,
  checkEndpoint,
  checkTeamEndpoint,
  policyEndpoint,
} from './credit-terms.ts';
import {
  addCreditsEndpoint,
  addTeamCreditsEndpoint,
  balanceEndpoint,
  teamBalanceEndpoint,
  teamTransactionsEndpoint,
  transactionsEndpoint,
} from './credits.ts';
import {
  blockKeyEndpoint,
  createKeyEndpoint,
  getKeyEndpoint,
  listKeysEndpoint,
  revokeKeyEndpoint,
  rotateKeyEndpoint,
  unblockKeyEndpoint,
  updateKeyEndpoint,
} from './keys.ts';
import {
  addMemberEndpoint,
  listMembersEndpoint,
  removeMemberEndpoint,
  updateMemberEndpoint,
} from './members.ts';
import {
  createOrganizationEndpoint,
  getOrganizationEndpoint,
  listOrganizationsEndpoint,
  listOrganizationTeamsEndpoint,
  updateOrganizationEndpoint,
} from './organizations.ts';
import {
  createTeamEndpoint,
  getTeamEndpoint,
  listTeamsEndpoint,
  updateTeamEndpoint,
} from './teams.ts';
import { organizationStatus, teamStatus } from './statuses.ts';
import { teamUsageEndpoint } from './usage.ts';

/** All of it. */
export const SAAS_ROUTES: readonly Route[] = [
  ['POST', '/api/organizations/create', createOrganizationEndpoint],
  ['GET', '/api/organizations', listOrganizationsEndpoint],
  ['GET', '/api/organizations/:id', getOrganizationEndpoint],
  ['GET', '/api/organizations/:id/teams', listOrganizationTeamsEndpoint],
  ['PUT', '/api/organizations/:id', updateOrganizationEndpoint],
  ['POST', '/api/organizations/:id/suspend', organizationStatus.suspend],
  ['PUT', '/api/organizations/:id/suspend', organizationStatus.suspend],
  ['POST', '/api/organizations/:id/pause', organizationStatus.pause],
  ['PUT', '/api/organizations/:id/pause', organizationStatus.pause],
  ['POST', '/api/organizations/:id/archive', organizationStatus.archive],
  ['PUT', '/api/organizations/:id/archive', organizationStatus.archive],
  ['POST', '/api/organizations/:id/resume', organizationStatus.resume],
  ['PUT', '/api/organizations/:id/resume', organizationStatus.resume],
  ['GET', '/api/organizations/:id/limits', organizationLimits.get],
  ['PUT', '/api/organizations/:id/limits', organizationLimits.put],
  ['GET', '/api/organizations/:id/users/:user/limits', userLimits.get],
  ['PUT', '/api/organizations/:id/users/:user/limits', userLimits.put],
  ['GET', '/api/teams/:id/limits', teamLimits.get],
  ['PUT', '/api/teams/:id/limits', teamLimits.put],
  ['GET', '/api/teams/:id/members/:user/limits', memberLimits.get],
  ['PUT', '/api/teams/:id/members/:user/limits', memberLimits.put],
  ['GET', '/api/keys/:id/limits', keyLimits.get],
  ['PUT', '/api/keys/:id/limits', keyLimits.put],
  ['POST', '/api/teams/create', createTeamEndpoint],
  ['GET', '/api/teams', listTeamsEndpoint],
  ['GET', '/api/teams/:id', getTeamEndpoint],
  ['PUT', '/api/teams/:id', updateTeamEndpoint],
  ['POST', '/api/teams/:id/suspend', teamStatus.suspend],
  ['PUT', '/api/teams/:id/suspend', teamStatus.suspend],
  ['POST', '/api/teams/:id/pause', teamStatus.pause],
  ['PUT', '/api/teams/:id/pause', teamStatus.pause],
  ['POST', '/api/teams/:id/archive', teamStatus.archive],
  ['PUT', '/api/teams/:id/archive', teamStatus.archive],
  ['POST', '/api/teams/:id/resume', teamStatus.resume],
  ['PUT', '/api/teams/:id/resume', teamStatus.resume],
  ['GET', '/api/teams/:id/members', listMembersEndpoint],
  ['POST', '/api/teams/:id/members', addMemberEndpoint],
  ['PUT', '/api/teams/:id/members/:user', updateMemberEndpoint],
  ['DELETE', '/api/teams/:id/members/:user', removeMemberEndpoint],
  ['POST', '/api/keys/create', createKeyEndpoint],
  ['GET', '/api/keys', listKeysEndpoint],
  ['GET', '/api/keys/:id', getKeyEndpoint],
  ['PUT', '/api/keys/:id', updateKeyEndpoint],
  ['DELETE', '/api/keys/:id', revokeKeyEndpoint],
  ['POST', '/api/keys/:id/rotate', rotateKeyEndpoint],
  ['POST', '/api/keys/:id/block', blockKeyEndpoint],
  ['POST', '/api/keys/:id/unblock', unblockKeyEndpoint],
  ['GET', '/api/teams/:id/usage', teamUsageEndpoint],
  ['POST', '/api/credits/add', addCreditsEndpoint],
  ['POST', '/api/credits/teams/:id/add', addTeamCreditsEndpoint],
  ['GET', '/api/credits/balance', balanceEndpoint],
  ['GET', '/api/credits/teams/:id/balance', teamBalanceEndpoint],
  ['GET', '/api/credits/transactions', transactionsEndpoint],
  ['GET', '/api/credits/teams/:id/transactions', teamTransactionsEndpoint],
  ['POST', '/api/credits/grant', grantEndpoint],
  ['POST', '/api/credits/deduct', deductEndpoint],
  ['POST', '/api/credits/refund', refundEndpoint],
  ['POST', '/api/credits/transfer', transferEndpoint],
  ['POST', '/api/credits/check', checkEndpoint],
  ['POST', '/api/credits/teams/:id/check', checkTeamEndpoint],
  ['POST', '/api/credits/teams/:id/replenish', replenishEndpoint],
  ['PUT', '/api/credits/teams/:id/policy', policyEndpoint],
  ['PUT', '/api/credits/teams/:id/auto-refill', autoRefillEndpoint],
];

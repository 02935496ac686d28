// The table of contents of this dialect.

import type { Route } from '../dialect.ts';
import {
  budgetDeleteEndpoint,
  budgetInfoEndpoint,
  budgetListEndpoint,
  budgetNewEndpoint,
  budgetSettingsEndpoint,
  budgetUpdateEndpoint,
} from './budgets.ts';
import { customerBlockEndpoint, customerUnblockEndpoint } from './customer-blocking.ts';
import {
  allCustomersEndpoint,
  customerActivityEndpoint,
  customerListEndpoint,
  spendOfCustomersEndpoint,
} from './customer-lists.ts';
import { calculateSpendEndpoint } from './calculate-spend.ts';
import {
  customerDeleteEndpoint,
  customerInfoEndpoint,
  customerNewEndpoint,
  customerUpdateEndpoint,
} from './customers.ts';
import {
  inOnePage,
  organizationActivityEndpoint,
  tagActivityEndpoint,
  teamActivityEndpoint,
  userActivityEndpoint,
} from './daily-activity.ts';
import { availableRolesEndpoint, healthEndpoint } from './health.ts';
import { keyAliasesEndpoint, keyListEndpoint } from './key-lists.ts';
import {
  keyBlockEndpoint,
  keyDeleteEndpoint,
  keyHealthEndpoint,
  keyInfoEndpoint,
  keyInfosEndpoint,
  keyUnblockEndpoint,
} from './keys.ts';
import { keyBulkUpdateEndpoint, keyUpdateEndpoint } from './update-key.ts';
import { keyRegenerateEndpoint } from './renew-key.ts';
import { memberAddEndpoint } from './member-add.ts';
import { bulkMemberAddEndpoint } from './member-bulk.ts';
import { memberDeleteEndpoint, memberUpdateEndpoint } from './member-change.ts';
import { keyGenerateEndpoint, serviceAccountEndpoint } from './new-key.ts';
import {
  modelBlockEndpoint,
  modelDeleteEndpoint,
  modelNewEndpoint,
  modelPatchEndpoint,
  modelUnblockEndpoint,
  modelUpdateEndpoint,
} from './change-models.ts';
import {
  credentialByModelEndpoint,
  credentialByNameEndpoint,
  credentialDeleteEndpoint,
  credentialNewEndpoint,
  credentialPatchEndpoint,
  credentialsEndpoint,
} from './credentials.ts';
import { modelGroupInfoEndpoint, modelInfoEndpoint, modelInfoPagesEndpoint } from './models.ts';
import { newTeamEndpoint } from './new-team.ts';
import {
  organizationMemberAddEndpoint,
  organizationMemberDeleteEndpoint,
  organizationMemberUpdateEndpoint,
} from './organization-people.ts';
import {
  organizationDeleteEndpoint,
  organizationInfoEndpoint,
  organizationInfosEndpoint,
  organizationListEndpoint,
  organizationNewEndpoint,
  organizationUpdateEndpoint,
} from './organizations.ts';
import {
  globalActivityEndpoint,
  modelActivityEndpoint,
  globalSpendEndpoint,
  globalSpendLogsEndpoint,
  spendKeysEndpoint,
  spendModelsEndpoint,
  spendReportEndpoint,
  spendTagsEndpoint,
  spendTeamsEndpoint,
  spendUsersEndpoint,
} from './spend.ts';
import { spendLogPagesEndpoint, spendLogsEndpoint } from './spend-logs.ts';
import {
  tagDeleteEndpoint,
  tagInfoEndpoint,
  tagListEndpoint,
  tagNamesEndpoint,
  tagNewEndpoint,
  tagUpdateEndpoint,
} from './tags.ts';
import { teamFilterEndpoint, teamListEndpoint, teamListV2Endpoint } from './team-lists.ts';
import { permissionsListEndpoint, permissionsUpdateEndpoint } from './team-permissions.ts';
import {
  teamAvailableEndpoint,
  teamBlockEndpoint,
  teamDeleteEndpoint,
  teamInfoEndpoint,
  teamModelAddEndpoint,
  teamModelDeleteEndpoint,
  teamUnblockEndpoint,
} from './teams.ts';
import { userInfoEndpoint, userInfoV2Endpoint, userListEndpoint } from './user-lists.ts';
import { userBulkUpdateEndpoint, userUpdateEndpoint } from './update-user.ts';
import { userDeleteEndpoint, userNewEndpoint } from './users.ts';
import { updateTeamEndpoint } from './update-team.ts';

/** All of it. */
export const LITELLM_ROUTES: readonly Route[] = [
  ['POST', '/team/new', newTeamEndpoint],
  ['POST', '/team/update', updateTeamEndpoint],
  ['POST', '/team/delete', teamDeleteEndpoint],
  ['GET', '/team/info', teamInfoEndpoint],
  ['GET', '/team/list', teamListEndpoint],
  ['GET', '/v2/team/list', teamListV2Endpoint],
  ['POST', '/team/block', teamBlockEndpoint],
  ['POST', '/team/unblock', teamUnblockEndpoint],
  ['POST', '/team/member_add', memberAddEndpoint],
  ['POST', '/team/bulk_member_add', bulkMemberAddEndpoint],
  ['POST', '/team/member_update', memberUpdateEndpoint],
  ['POST', '/team/member_delete', memberDeleteEndpoint],
  ['POST', '/team/model/add', teamModelAddEndpoint],
  ['POST', '/team/model/delete', teamModelDeleteEndpoint],
  ['GET', '/team/permissions_list', permissionsListEndpoint],
  ['POST', '/team/permissions_update', permissionsUpdateEndpoint],
  ['GET', '/team/available', teamAvailableEndpoint],
  ['GET', '/team/filter/ui', teamFilterEndpoint],
  ['POST', '/key/generate', keyGenerateEndpoint],
  ['POST', '/key/service-account/generate', serviceAccountEndpoint],
  ['POST', '/key/update', keyUpdateEndpoint],
  ['POST', '/key/bulk_update', keyBulkUpdateEndpoint],
  ['POST', '/key/delete', keyDeleteEndpoint],
  ['GET', '/key/info', keyInfoEndpoint],
  ['POST', '/v2/key/info', keyInfosEndpoint],
  ['GET', '/key/list', keyListEndpoint],
  ['GET', '/key/aliases', keyAliasesEndpoint],
  ['POST', '/key/regenerate', keyRegenerateEndpoint],
  ['POST', '/key/:key/regenerate', keyRegenerateEndpoint],
  ['POST', '/key/health', keyHealthEndpoint],
  ['POST', '/key/block', keyBlockEndpoint],
  ['POST', '/key/unblock', keyUnblockEndpoint],
  ['POST', '/organization/new', organizationNewEndpoint],
  ['PATCH', '/organization/update', organizationUpdateEndpoint],
  ['DELETE', '/organization/delete', organizationDeleteEndpoint],
  ['GET', '/organization/list', organizationListEndpoint],
  ['GET', '/organization/info', organizationInfoEndpoint],
  ['POST', '/organization/info', organizationInfosEndpoint],
  ['POST', '/organization/member_add', organizationMemberAddEndpoint],
  ['PATCH', '/organization/member_update', organizationMemberUpdateEndpoint],
  ['DELETE', '/organization/member_delete', organizationMemberDeleteEndpoint],
  ['POST', '/budget/new', budgetNewEndpoint],
  ['POST', '/budget/update', budgetUpdateEndpoint],
  ['POST', '/budget/info', budgetInfoEndpoint],
  ['GET', '/budget/list', budgetListEndpoint],
  ['GET', '/budget/settings', budgetSettingsEndpoint],
  ['POST', '/budget/delete', budgetDeleteEndpoint],
  ['POST', '/user/new', userNewEndpoint],
  ['POST', '/user/update', userUpdateEndpoint],
  ['POST', '/user/bulk_update', userBulkUpdateEndpoint],
  ['POST', '/user/delete', userDeleteEndpoint],
  ['GET', '/user/info', userInfoEndpoint],
  ['GET', '/v2/user/info', userInfoV2Endpoint],
  ['GET', '/user/list', userListEndpoint],
  ['GET', '/user/available_roles', availableRolesEndpoint],
  ['GET', '/team/daily/activity', teamActivityEndpoint],
  ['GET', '/team/daily/activity/aggregated', inOnePage(teamActivityEndpoint)],
  ['GET', '/organization/daily/activity', organizationActivityEndpoint],
  ['GET', '/organization/daily/activity/aggregated', inOnePage(organizationActivityEndpoint)],
  ['GET', '/user/daily/activity', userActivityEndpoint],
  ['GET', '/user/daily/activity/aggregated', inOnePage(userActivityEndpoint)],
  ['GET', '/tag/daily/activity', tagActivityEndpoint],
  ['GET', '/tag/daily/activity/aggregated', inOnePage(tagActivityEndpoint)],
  ['POST', '/customer/new', customerNewEndpoint],
  ['POST', '/customer/update', customerUpdateEndpoint],
  ['POST', '/customer/delete', customerDeleteEndpoint],
  ['POST', '/customer/block', customerBlockEndpoint],
  ['POST', '/customer/unblock', customerUnblockEndpoint],
  ['GET', '/customer/info', customerInfoEndpoint],
  ['GET', '/customer/list', customerListEndpoint],
  ['GET', '/customer/daily/activity', customerActivityEndpoint],
  ['GET', '/customer/daily/activity/aggregated', inOnePage(customerActivityEndpoint)],
  ['POST', '/end_user/new', customerNewEndpoint],
  ['POST', '/end_user/update', customerUpdateEndpoint],
  ['POST', '/end_user/delete', customerDeleteEndpoint],
  ['POST', '/end_user/block', customerBlockEndpoint],
  ['POST', '/end_user/unblock', customerUnblockEndpoint],
  ['GET', '/end_user/info', customerInfoEndpoint],
  ['GET', '/end_user/list', customerListEndpoint],
  ['GET', '/end_user/daily/activity', customerActivityEndpoint],
  ['GET', '/end_user/daily/activity/aggregated', inOnePage(customerActivityEndpoint)],
  ['POST', '/global/spend/end_users', spendOfCustomersEndpoint],
  ['GET', '/global/all_end_users', allCustomersEndpoint],
  ['GET', '/spend/keys', spendKeysEndpoint],
  ['GET', '/spend/users', spendUsersEndpoint],
  ['GET', '/spend/tags', spendTagsEndpoint],
  ['POST', '/spend/calculate', calculateSpendEndpoint],
  ['GET', '/spend/logs', spendLogsEndpoint],
  ['GET', '/spend/logs/v2', spendLogPagesEndpoint],
  ['GET', '/spend/logs/ui', spendLogPagesEndpoint],
  ['GET', '/global/spend', globalSpendEndpoint],
  ['GET', '/global/spend/logs', globalSpendLogsEndpoint],
  ['GET', '/global/spend/keys', spendKeysEndpoint],
  ['GET', '/global/spend/teams', spendTeamsEndpoint],
  ['GET', '/global/spend/models', spendModelsEndpoint],
  ['GET', '/global/spend/tags', spendTagsEndpoint],
  ['GET', '/global/spend/report', spendReportEndpoint],
  ['GET', '/global/activity', globalActivityEndpoint],
  ['GET', '/global/activity/model', modelActivityEndpoint],
  ['POST', '/tag/new', tagNewEndpoint],
  ['POST', '/tag/update', tagUpdateEndpoint],
  ['POST', '/tag/info', tagInfoEndpoint],
  ['POST', '/tag/delete', tagDeleteEndpoint],
  ['GET', '/tag/list', tagListEndpoint],
  ['GET', '/global/spend/all_tag_names', tagNamesEndpoint],
  ['GET', '/model/info', modelInfoEndpoint],
  ['GET', '/v1/model/info', modelInfoEndpoint],
  ['GET', '/v2/model/info', modelInfoPagesEndpoint],
  ['POST', '/model/new', modelNewEndpoint],
  ['POST', '/model/update', modelUpdateEndpoint],
  ['PATCH', '/model/:id/update', modelPatchEndpoint],
  ['POST', '/model/delete', modelDeleteEndpoint],
  ['POST', '/model/block', modelBlockEndpoint],
  ['POST', '/model/unblock', modelUnblockEndpoint],
  ['GET', '/model_group/info', modelGroupInfoEndpoint],
  ['GET', '/credentials', credentialsEndpoint],
  ['POST', '/credentials', credentialNewEndpoint],
  ['GET', '/credentials/by_name/:id', credentialByNameEndpoint],
  ['GET', '/credentials/by_model/:id', credentialByModelEndpoint],
  ['PATCH', '/credentials/:id', credentialPatchEndpoint],
  ['DELETE', '/credentials/:id', credentialDeleteEndpoint],
  ['GET', '/health', healthEndpoint],
];

import { placeInOrganization } from '../../ceiling-places.ts';
import { budgetChanges, isChange } from '../../ceiling-wishes.ts';
import { showOrChange } from '../../ceilings.ts';
import { organizationOf } from '../../unknown-organization.ts';
import { showBudgetHistory } from '../../budget-history.ts';
import { BUDGET_ARGUMENTS, BUDGET_VIEW, OF_END_USER, OF_USER } from '../ceiling-arguments.ts';
import { subcommand } from '../definition.ts';
import { ORGANIZATION } from './organization-argument.ts';

export const budget = subcommand({
  name: 'budget',
  says: 'Shows what calls of all its teams may cost together, in dollars; managers set it.',
  role: 'viewer',
  changeRole: 'manager',
  submit: 'Save',
  arguments: [ORGANIZATION, BUDGET_VIEW, ...BUDGET_ARGUMENTS, OF_USER, OF_END_USER],
  examples: [
    'budget acme max=$5k every=30d',
    'budget acme max=$50 every=7d user=ann@acme.com',
    'budget acme history',
  ],
  async run(call, { values }) {
    const { org = '', view, user, enduser: endUser, ...words } = values;
    if ((await organizationOf(call, org, (id) => `/org budget ${id}`)) === undefined) {
      return;
    }
    const place = await placeInOrganization(call, org, { user, endUser });
    if (place === undefined) {
      return;
    }
    if (view === 'history') {
      await showBudgetHistory(call, place);
      return;
    }
    await showOrChange(call, place, {
      topic: 'budget',
      isChange: isChange(words),
      until: words.until,
      changes: (present) => budgetChanges(words, present),
    });
  },
});

import { placeInTeam } from '../../ceiling-places.ts';
import { budgetChanges, isChange } from '../../ceiling-wishes.ts';
import { showOrChange } from '../../ceilings.ts';
import { showBudgetHistory } from '../../budget-history.ts';
import { BUDGET_ARGUMENTS, BUDGET_VIEW, OF_KEY_OR_MEMBER } from '../ceiling-arguments.ts';
import { subcommand } from '../definition.ts';
import { TEAM } from './team-argument.ts';

export const budget = subcommand({
  name: 'budget',
  says: 'Shows what calls of a team may cost at the providers, in dollars; managers set it.',
  role: 'viewer',
  changeRole: 'manager',
  submit: 'Save',
  arguments: [TEAM, BUDGET_VIEW, ...BUDGET_ARGUMENTS, ...OF_KEY_OR_MEMBER],
  examples: [
    'budget acme-prod max=$500 every=30d soft=$400',
    'budget acme-prod boost=$100 until=2026-12-01',
    'budget acme-prod max=$20 every=1d model=gpt-4o shadow=yes',
    'budget acme-prod max=off member=ann@acme.com',
    'budget acme-prod history',
  ],
  async run(call, { values }) {
    const { team, view, key, member, ...words } = values;
    const place = await placeInTeam(call, { team, key, member }, (id) => `/team budget ${id}`);
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

import { placeInTeam } from '../../ceiling-places.ts';
import { limitChanges, isChange } from '../../ceiling-wishes.ts';
import { showOrChange } from '../../ceilings.ts';
import { LIMIT_ARGUMENTS, OF_KEY_OR_MEMBER } from '../ceiling-arguments.ts';
import { subcommand } from '../definition.ts';
import { TEAM } from './team-argument.ts';

export const limits = subcommand({
  name: 'limits',
  says: 'Shows how much a team may call, by the minute and at once; managers set it.',
  role: 'viewer',
  changeRole: 'manager',
  submit: 'Save',
  arguments: [TEAM, ...LIMIT_ARGUMENTS, ...OF_KEY_OR_MEMBER],
  examples: [
    'limits acme-prod requests=100 tokens=20k parallel=5',
    'limits acme-prod requests=10 model=gpt-4o shadow=yes',
    'limits acme-prod of=requests boost=+50% until=friday',
    'limits acme-prod requests=off key=9bdd',
  ],
  async run(call, { values }) {
    const { team, key, member, ...words } = values;
    const place = await placeInTeam(call, { team, key, member }, (id) => `/team limits ${id}`);
    if (place === undefined) {
      return;
    }
    await showOrChange(call, place, {
      topic: 'limits',
      isChange: isChange(words),
      until: words.until,
      changes: (present) => limitChanges(words, present),
    });
  },
});

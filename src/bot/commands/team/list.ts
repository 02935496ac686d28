import { refuse } from '../../../core/refusals.ts';
import { context, sentence } from '../../blocks/kit.ts';
import { teamList } from '../../blocks/team-list.ts';
import { code, joined, mrkdwn } from '../../escape.ts';
import { readPage, tellPage } from '../../paging.ts';
import { moneyOf } from '../../readings.ts';
import { refusalText } from '../../refusal-text.ts';
import { sightOf, within } from '../../sight.ts';
import { similarOrganizations } from '../../unknown-organization.ts';
import { subcommand } from '../definition.ts';

const TEAMS_SHOWN = 10;

export const list = subcommand({
  name: 'list',
  says: 'Lists teams with their status and balance.',
  role: 'viewer',
  inSight: true,
  arguments: [
    {
      name: 'org',
      kind: 'org',
      example: 'org=acme',
      says: 'only the teams of this organization',
    },
  ],
  examples: ['list', 'list org=acme'],
  async run(call, { values: { org } }) {
    const { organizations } = call.bot.stores.records;
    if (org !== undefined && (await organizations.find(org)) === undefined) {
      const meant = (await similarOrganizations(call, org)).map(code);
      const refusal = refusalText(refuse('organization_unknown', { organization: org }));
      const cure =
        meant.length === 0
          ? mrkdwn`Leave out ${code('org=')} to see every team.`
          : mrkdwn`Did you mean ${joined(meant, ' or ')}?`;
      await call.reply(sentence(refusal, context(cure)));
      return;
    }
    const { stores } = call.bot;
    const seen = within(await sightOf(call));
    const wish = org === undefined ? seen : { ...seen, organizationId: org };
    const page = await readPage(call, {
      size: TEAMS_SHOWN,
      read: async (after, limit) => {
        const from = after === undefined ? {} : { after };
        const teams = await stores.records.teams.list({ ...wish, ...from, limit });
        const rows = teams.map(async (team) => ({ team, money: await moneyOf(stores, team) }));
        return Promise.all(rows);
      },
      placeOf: ({ team }) => team.id,
    });
    await tellPage(call, teamList(page, org));
  },
});

import { teamList } from '../../blocks/team-list.ts';
import { readPage, tellPage } from '../../paging.ts';
import { moneyOf } from '../../readings.ts';
import { sightOf, within } from '../../sight.ts';
import { organizationOf } from '../../unknown-organization.ts';
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
    const again = (id: string): string => `/team list org=${id}`;
    if (org !== undefined && (await organizationOf(call, org, again)) === undefined) {
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

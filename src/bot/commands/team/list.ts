import { refuse } from '../../../core/refusals.ts';
import { context, sentence } from '../../blocks/kit.ts';
import { teamList } from '../../blocks/team-list.ts';
import { code, joined, mrkdwn } from '../../escape.ts';
import { readPage } from '../../paging.ts';
import { refusalText } from '../../refusal-text.ts';
import { sightOf } from '../../sight.ts';
import { similarOrganizations } from '../../unknown-organization.ts';
import { subcommand } from '../definition.ts';

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
    const wish = { page: 0, organizationId: org };
    await call.reply(teamList(await readPage(call.bot.stores, wish, await sightOf(call))));
  },
});

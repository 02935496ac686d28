import { refuse } from '../../../core/refusals.ts';
import { context, sentence } from '../../blocks/kit.ts';
import { teamList } from '../../blocks/team-list.ts';
import { code, joined, mrkdwn } from '../../escape.ts';
import { nearest } from '../../../core/nearest.ts';
import { readPage } from '../../paging.ts';
import { refusalText } from '../../refusal-text.ts';
import { subcommand } from '../definition.ts';

export const list = subcommand({
  name: 'list',
  says: 'Lists teams with their status and balance.',
  role: 'viewer',
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
      const ids = (await organizations.list()).map((organization) => organization.id);
      const meant = nearest(org, ids, 3).map(code);
      const refusal = refusalText(refuse('organization_unknown', { organization: org }));
      const cure =
        meant.length === 0
          ? mrkdwn`Leave out ${code('org=')} to see every team.`
          : mrkdwn`Did you mean ${joined(meant, ' or ')}?`;
      await call.reply(sentence(refusal, context(cure)));
      return;
    }
    await call.reply(teamList(await readPage(call.bot.stores, { page: 0, organizationId: org })));
  },
});

import { createQuartermasterClient } from '../../src/client/client.ts';

/** Makes a team with its first key and some credits; answers the key, and what the team can spend. */
export async function onboard(url: string, adminKey: string, team: string) {
  const quartermaster = createQuartermasterClient({ url, key: adminKey });

  const made = await quartermaster.POST('/api/teams/create', {
    body: { organization_id: 'acme', team_id: team, access_groups: ['gpt-models'] },
  });
  if (made.error) {
    // A refusal is a value: `detail` says what, `code` which, `cure` what to do.
    return { refused: made.error.detail, cure: made.error.cure };
  }

  // Sent again with the same key, it is answered as before, and nothing is posted twice.
  const paid = await quartermaster.POST('/api/credits/add', {
    params: { header: { 'Idempotency-Key': `invoice-17-${team}` } },
    body: { team_id: team, amount: 500, description: 'Invoice 17' },
  });
  return { key: made.data.virtual_key, spendable: paid.data?.credits_remaining };
}

import { isRepeated } from '../../../core/change.ts';
import { isRefusal } from '../../../core/refusals.ts';
import type { Call } from '../../call.ts';
import { createForm, createFrom, draftRefused, tellCreated } from '../../creating.ts';
import type { CreateValues, FormDraft } from '../../creating.ts';
import { refusalSpeech } from '../../replies.ts';
import { createTeamView } from '../../views/create-team.ts';
import { isComplete, subcommand } from '../definition.ts';
import { lateSpeech } from '../run-late.ts';

export const create = subcommand({
  name: 'create',
  says: 'Creates a team with its first credits and its first key.',
  role: 'manager',
  about: (_, { org }) => (org === undefined ? { isOwn: true } : { organizations: [org] }),
  form: 'Create a team',
  arguments: [
    {
      name: 'team',
      kind: 'team',
      positional: true,
      required: true,
      isNew: true,
      example: 'acme-prod',
      says: 'the id of the new team, which never changes',
    },
    {
      name: 'org',
      kind: 'org',
      isNew: true,
      required: true,
      example: 'org=acme',
      says: 'the organization (customer) that it belongs to',
    },
    {
      name: 'credits',
      kind: 'credits',
      required: true,
      example: 'credits=1,000',
      says: 'credits to begin with; 5k is 5,000',
    },
    {
      name: 'groups',
      kind: 'groups',
      required: true,
      example: 'groups=gpt-models,claude-models',
      says: 'access groups, whose models the team may call',
    },
    {
      name: 'alias',
      kind: 'text',
      example: 'alias="Acme, production"',
      says: 'a name for people',
    },
    {
      name: 'mode',
      kind: 'mode',
      example: 'mode=consumption_usd',
      says: 'what it pays by: job_based, consumption_usd or consumption_tokens',
    },
    {
      name: 'channel',
      kind: 'channel',
      example: 'channel=#acme-prod',
      says: 'where its news and alerts go; else where you type this',
    },
  ],
  examples: [
    'create acme-prod org=acme credits=1000 groups=gpt-models',
    'create acme-test org=acme credits=5k groups=gpt-models,claude-models alias="Acme, test"',
  ],
  async run(call, reading) {
    const { values, typed } = reading;
    if (!isComplete(reading)) {
      await showForm(call, { typed, complaints: reading.complaints, stray: reading.stray });
      return;
    }
    // Complete: every required argument is there.
    const wish = { channel: call.channelId, ...values } as CreateValues;
    const created = await createFrom(call, wish, `slack:${call.onceId}`);
    if (isRepeated(created)) {
      return;
    }
    if (!isRefusal(created)) {
      await tellCreated(call, created, wish.credits);
      return;
    }
    const draft = draftRefused(typed, created);
    await (draft === undefined ? call.reply(refusalSpeech(created)) : showForm(call, draft));
  },
});

async function showForm(call: Call, draft: FormDraft): Promise<void> {
  const shown = await call.screen.show(createTeamView(await createForm(call, draft)));
  if (shown === 'late') {
    await call.reply(lateSpeech(call));
  }
}

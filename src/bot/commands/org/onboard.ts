import { showOnboardForm } from '../../onboarding.ts';
import { subcommand } from '../definition.ts';
import { lateSpeech } from '../run-late.ts';
import { ORGANIZATION } from './organization-argument.ts';

export const onboard = subcommand({
  name: 'onboard',
  says: 'Begins with a customer in one form: organization, teams, credits, models, channel and keys.',
  role: 'manager',
  form: 'Onboard a customer',
  arguments: [
    { ...ORGANIZATION, required: false, isNew: true, says: 'the id of the new organization' },
    {
      name: 'name',
      kind: 'text',
      example: 'name="Acme Corporation"',
      says: 'the name of the customer, for people',
    },
    { name: 'credits', kind: 'credits', example: 'credits=10k', says: 'of the production team' },
    {
      name: 'groups',
      kind: 'groups',
      example: 'groups=gpt-models',
      says: 'access groups, for all of its teams',
    },
    {
      name: 'channel',
      kind: 'channel',
      example: 'channel=#acme',
      says: 'where its news and alerts go',
    },
  ],
  examples: ['onboard', 'onboard acme name="Acme Corporation" credits=10k groups=gpt-models'],
  async run(call, { typed, complaints, stray }) {
    if ((await showOnboardForm(call, { typed, complaints, stray })) === 'late') {
      await call.reply(lateSpeech(call));
    }
  },
});

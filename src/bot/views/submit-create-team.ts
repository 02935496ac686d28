import { isRepeated } from '../../core/change.ts';
import { isRefusal } from '../../core/refusals.ts';
import type { Call } from '../call.ts';
import type { Kind } from '../commands/kinds.ts';
import { createForm, createFrom, draftRefused, tellCreated } from '../creating.ts';
import type { CreateValues, FormDraft } from '../creating.ts';
import { dollarFields, repeatingBack } from '../dollars.ts';
import { refusalSpeech } from '../replies.ts';
import { createTeamView, newOrganizationField, organizationChosen } from './create-team.ts';
import type { CreateField } from './create-team.ts';
import type { Submitted } from './in-time.ts';
import { readForm } from './read-form.ts';
import type { Submission } from '../calls.ts';
import { entered } from './state.ts';

const KINDS: Readonly<Record<CreateField, Kind>> = {
  team: 'team',
  org: 'org',
  credits: 'credits',
  groups: 'groups',
  alias: 'text',
  mode: 'mode',
  channel: 'channel',
};

/** Does what the form asks for, or puts complaints beside its fields. */
export async function submitCreateTeam(sent: Call, view: Submission['view']): Promise<Submitted> {
  const chosen = organizationChosen(entered(view, 'org') ?? '');
  const money = dollarFields(
    sent.bot.stores,
    { credits: entered(view, 'credits') },
    entered(view, 'mode'),
  );
  const call = repeatingBack(sent, money.said);
  const read = readForm(view, KINDS, { org: chosen.id, ...money.given });
  const { typed, values } = read;
  const complaints = { ...read.complaints, ...money.complaints };
  const isTicked = entered(view, newOrganizationField(chosen.id)) !== undefined;
  const ticked = chosen.isNew || isTicked;
  if (Object.keys(complaints).length > 0) {
    return refused(call, view, { typed, ticked, complaints, stray: [] });
  }
  // No complaint: what the form requires is there.
  const wish = values as unknown as CreateValues;
  const asked = { ...wish, createOrganization: ticked };
  const created = await createFrom(call, asked, `slack:${call.onceId}`);
  if (isRepeated(created)) {
    return { kind: 'done' };
  }
  if (!isRefusal(created)) {
    return { kind: 'done', after: async () => tellCreated(call, created, wish.credits) };
  }
  const draft = draftRefused(typed, created, ticked);
  return draft === undefined
    ? { kind: 'said', speech: refusalSpeech(created) }
    : refused(call, view, draft);
}

/** Beside the fields; where the form needs a box that it has not yet, as a new form. */
async function refused(call: Call, view: Submission['view'], draft: FormDraft): Promise<Submitted> {
  const form = await createForm(call, draft);
  const { newOrganization } = form;
  const lacksBox =
    newOrganization !== undefined &&
    view.state.values[newOrganizationField(newOrganization)] === undefined;
  const errors = form.complaints as Record<string, string>;
  // What was in the way may be gone in the meantime: then the form is simply shown again.
  return lacksBox || Object.keys(errors).length === 0
    ? { kind: 'view', view: createTeamView(form) }
    : { kind: 'errors', errors, view: createTeamView(form) };
}

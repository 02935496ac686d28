import { isRepeated } from '../../core/change.ts';
import { isRefusal, publicSentence } from '../../core/refusals.ts';
import { objectIn } from '../blocks/run-button.ts';
import type { Call } from '../call.ts';
import type { Submission } from '../calls.ts';
import { isComplete } from '../commands/definition.ts';
import { readTyped } from '../commands/grammar.ts';
import { topup } from '../commands/team/topup.ts';
import { repeatingBack, withDollars } from '../dollars.ts';
import { moneyOf } from '../readings.ts';
import { tellToppedUp, topUpFrom } from '../topping-up.ts';
import type { TopUpValues } from '../topping-up.ts';
import { unknownTeamText } from '../top-up-form.ts';
import type { Submitted } from './in-time.ts';
import { topUpView } from './top-up.ts';
import type { TopUpField, TopUpMemory } from './top-up.ts';
import { entered } from './state.ts';

/** The form asks for what the command does. */
const { arguments: FIELDS } = topup;

type Complaints = Partial<Record<TopUpField, string>>;

/** Adds the credits that the form asks for, or puts complaints beside its fields. */
export async function submitTopUp(sent: Call, view: Submission['view']): Promise<Submitted> {
  const memory = (objectIn(view.private_metadata) ?? {}) as TopUpMemory;
  const typed = {
    team: memory.team ?? entered(view, 'team') ?? '',
    credits: entered(view, 'credits') ?? '',
    reason: entered(view, 'reason') ?? '',
  };
  const { stores } = sent.bot;
  const { reading, said } = await withDollars(stores, FIELDS, readTyped(FIELDS, typed));
  if (!isComplete(reading)) {
    const missing = reading.missing.map((name) => [name, 'It is required.'] as const);
    const complaints = { ...Object.fromEntries(missing), ...reading.complaints };
    return refused(sent, memory, typed, complaints);
  }
  const call = repeatingBack(sent, said);
  // Complete: every field was read as what it is.
  const values = reading.values as unknown as TopUpValues;
  const { team } = values;
  const reference = memory.reference ?? `slack:${call.onceId}`;
  const posted = await topUpFrom(call, values, reference);
  if (isRepeated(posted)) {
    return { kind: 'done' };
  }
  if (!isRefusal(posted)) {
    return { kind: 'done', after: async () => tellToppedUp(call, team, posted) };
  }
  if (posted.refused === 'team_unknown') {
    return refused(call, { ...memory, team: undefined }, typed, {
      team: await unknownTeamText(call, team),
    });
  }
  const field = posted.facts['field'] === 'reason' ? 'reason' : 'credits';
  return refused(call, memory, typed, { [field]: publicSentence(posted) });
}

async function refused(
  call: Call,
  memory: Omit<TopUpMemory, 'team'> & { readonly team?: string | undefined },
  typed: Record<TopUpField, string>,
  complaints: Complaints,
): Promise<Submitted> {
  const { stores } = call.bot;
  const team = memory.team === undefined ? undefined : await stores.records.teams.find(memory.team);
  const view = topUpView({
    team: team?.id,
    spendable: team === undefined ? undefined : (await moneyOf(stores, team)).spendable,
    typed,
    complaints,
    stray: [],
    reference: memory.reference,
    origin: memory.origin,
  });
  return { kind: 'errors', errors: complaints, view };
}

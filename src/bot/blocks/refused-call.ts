import type { KnownBlock } from '@slack/types';
import type { ExplainedCall } from '../../core/explain/explain.ts';
import type { CallSight } from '../../core/refusals/refused-call.ts';
import { REFUSALS } from '../../core/refusals.ts';
import { code, mrkdwn } from '../escape.ts';
import type { Mrkdwn } from '../escape.ts';
import { cureText, refusalText } from '../refusal-text.ts';
import { cureButton } from './cure-button.ts';
import { actions, context, fields, header, section, sentence, speech } from './kit.ts';
import type { Speech } from './kit.ts';
import { comparedText, meterText, reasonWords, subjectText } from './refused-words.ts';
import { runButton } from './run-button.ts';
import { credits, moment } from './words.ts';

/** What the gate saw of one call, from the id in its client's error. */
export function refusedCallSpeech({ call, cure, isCured }: ExplainedCall): Speech {
  const { id, at, refusal } = call;
  const { seen } = refusal;
  const button = isCured === true ? undefined : cureButton(cure);
  const team =
    seen === undefined
      ? []
      : [
          runButton('Explain the team', `/team explain ${seen.teamId}`),
          runButton('Show team', `/team show ${seen.teamId}`),
        ];
  const buttons = [...(button === undefined ? [] : [button]), ...team];
  const blocks: KnownBlock[] = [
    header(`Refused: ${reasonWords(refusal.refused)}`),
    section(refusalText(refusal)),
    fields(factsOf(call)),
    ...(seen?.hit === undefined
      ? []
      : [
          section(
            mrkdwn`*What stopped it*  ${meterText(seen.hit.meter)} of ${subjectText(seen.hit.subject)}\n${comparedText(seen.hit)}${waitText(seen.hit.waitSeconds)}`,
          ),
        ]),
    section(fateText(isCured, cureText(refusal))),
    ...(buttons.length === 0 ? [] : [actions(...buttons)]),
    context(mrkdwn`${code(id)}  ·  ${code(refusal.refused)}, ${moment(at)}`),
  ];
  return speech(mrkdwn`${refusalText(refusal)}`, blocks);
}

/** No refusal of this id is kept. */
export function unknownCallSpeech(id: string, teamId: string | undefined): Speech {
  const cure =
    teamId === undefined ? [] : [actions(runButton('Explain the team', `/team explain ${teamId}`))];
  return sentence(
    mrkdwn`There is no record of a refused call with the id ${code(id)}.`,
    context(
      mrkdwn`Ids are kept for a day; when very many calls are refused at once, only for the first of them. The id stands in the client's error as ${code('request_id')}, and in the header ${code('x-request-id')}.`,
    ),
    ...cure,
  );
}

function factsOf({ refusal: { refused, seen } }: ExplainedCall['call']): Mrkdwn[] {
  const status = mrkdwn`*Answered with*\n${REFUSALS[refused].status}`;
  if (seen === undefined) {
    return [status, mrkdwn`*Team*\nunknown: the call carried no valid key`];
  }
  return [
    mrkdwn`*Team*\n${code(seen.teamId)} of ${code(seen.organizationId)}`,
    mrkdwn`*Key*\n${code(`sk-…${seen.lastFour}`)}${ownerText(seen)}`,
    ...modelFacts(seen),
    status,
    ...(refused !== 'credits_exhausted' || seen.spendableMicrocredits === undefined
      ? []
      : [mrkdwn`*Spendable then*\n${credits(BigInt(seen.spendableMicrocredits))}`]),
    ...(refused !== 'credits_exhausted' || seen.neededMicrocredits === undefined
      ? []
      : [mrkdwn`*It had to set aside*\n${credits(BigInt(seen.neededMicrocredits))}`]),
    ...(seen.jobId === undefined ? [] : [mrkdwn`*Job*\n${code(seen.jobId)}`]),
  ];
}

function ownerText({ userId }: CallSight): Mrkdwn {
  return userId === undefined ? mrkdwn`` : mrkdwn` of ${userId}`;
}

function modelFacts({ asked, model, endpoint }: CallSight): Mrkdwn[] {
  if (asked === undefined) {
    return [];
  }
  const meant = model === undefined || model === asked ? mrkdwn`` : mrkdwn` → ${code(model)}`;
  const where = endpoint === undefined ? mrkdwn`` : mrkdwn` (${endpoint})`;
  return [mrkdwn`*Model*\n${code(asked)}${meant}${where}`];
}

function waitText(waitSeconds: number | undefined): Mrkdwn {
  return waitSeconds === undefined
    ? mrkdwn`; waiting would not have helped`
    : mrkdwn`; ${waitSeconds} s later it would have gone through`;
}

function fateText(isCured: boolean | undefined, cure: Mrkdwn): Mrkdwn {
  switch (isCured) {
    case true:
      return mrkdwn`✅ *A call like this would go through by now.*`;
    case false:
      return mrkdwn`❌ *A call like this would still be refused.* ${cure}`;
    case undefined:
      return mrkdwn`*The client was told*  ${cure}`;
  }
}

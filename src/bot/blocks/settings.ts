// Everything that is set for all: who may what, and what else; what can be changed here has a button, and the rest
// says where.

import type { KnownBlock } from '@slack/types';
import type { ApprovalPolicy } from '../../core/approvals/policy.ts';
import { subjectWords } from '../../core/ceilings/subject.ts';
import type { Digest } from '../../core/digests/digest.ts';
import { channelLink, code, joined, mrkdwn } from '../escape.ts';
import type { Mrkdwn } from '../escape.ts';
import type { KnownRole } from '../roles.ts';
import { policyText } from './approval-policy.ts';
import { formButton } from './form-button.ts';
import { actions, context, divider, firstOf, header, section, sentence, speech } from './kit.ts';
import type { Speech } from './kit.ts';
import { callOut } from './proposal-words.ts';
import { FIXED_LEGEND, grantCommand, holderLines, roleIn, sourceText } from './role-words.ts';
import { runButton } from './run-button.ts';

export interface SettingsReading {
  /** Of one organization alone; undefined for all. */
  readonly organizationId: string | undefined;
  readonly roles: readonly KnownRole[];
  readonly approvals: ApprovalPolicy;
  readonly operatorsChannel: string | undefined;
  readonly lowCreditPercent: number;
  readonly digests: readonly Digest[];
}

// Slack takes 50 blocks and 3,000 characters a section.
const ORGANIZATIONS_SHOWN = 15;
const GIVEN_SHOWN = 15;
const DIGESTS_SHOWN = 10;

export function settingsSpeech(reading: SettingsReading): Speech {
  const { organizationId } = reading;
  const title = organizationId === undefined ? 'Settings' : `Settings of ${organizationId}`;
  return speech(mrkdwn`${title}`, [
    header(title),
    ...whoMay(reading),
    ...(organizationId === undefined ? [divider(), ...theRest(reading)] : []),
  ]);
}

/** For who owns more than is shown. */
export function moreOwnedSpeech(more: number): Speech {
  const organizations = more === 1 ? 'one more organization' : `${more} more organizations`;
  return sentence(
    mrkdwn`You own ${organizations}: name one, like ${code('/quartermaster settings acme')}.`,
  );
}

function whoMay({ roles, organizationId }: SettingsReading): KnownBlock[] {
  const scopes = [...new Set(roles.map((each) => each.organizationId))];
  const { shown, more } = firstOf(
    scopes.filter((scope) => scope !== null).toSorted(),
    ORGANIZATIONS_SHOWN,
  );
  const everywhere = roles.filter((each) => each.organizationId === null);
  const org = organizationId === undefined ? '' : ` org=${organizationId}`;
  return [
    section(
      everywhere.length === 0
        ? mrkdwn`*Who may everywhere*\nnobody`
        : mrkdwn`*Who may everywhere*\n${holderLines(everywhere)}`,
    ),
    ...shown.map((scope) =>
      section(
        mrkdwn`*Who may in* ${code(scope)} *alone*\n${holderLines(roles.filter((each) => each.organizationId === scope))}`,
      ),
    ),
    ...(more === undefined
      ? []
      : [context(mrkdwn`${more}: name one, like ${code('/quartermaster settings acme')}.`)]),
    ...givenHere(roles),
    actions(formButton('Give a role …', `/quartermaster settings give${org}`)),
    context(FIXED_LEGEND),
  ];
}

/** What owners gave, each with the button that takes it back. */
function givenHere(roles: readonly KnownRole[]): KnownBlock[] {
  const given = roles.filter(({ givenBy }) => givenBy !== null).toReversed();
  const { shown, more } = firstOf(given, GIVEN_SHOWN);
  return [
    ...(given.length === 0 ? [] : [section(mrkdwn`*Given here, the latest first*`)]),
    ...shown.map((grant) =>
      section(
        mrkdwn`${callOut(grant.holder)} is ${roleIn(grant)}, ${sourceText(grant)}`,
        runButton('Take away', grantCommand('take', grant)),
      ),
    ),
    ...(more === undefined
      ? []
      : [
          context(mrkdwn`${more}: ${code('/quartermaster settings take @name manager org=acme')}.`),
        ]),
  ];
}

function theRest({
  approvals,
  operatorsChannel,
  lowCreditPercent,
  digests,
}: SettingsReading): KnownBlock[] {
  const { shown, more } = firstOf(digests, DIGESTS_SHOWN);
  const lines = shown.map(
    ({ channelId, subject, every, csv }) =>
      mrkdwn`• ${every}, of ${subjectWords(subject)}${csv ? ', with a file' : ''}: ${channelLink(channelId)}`,
  );
  const told = more === undefined ? lines : [...lines, mrkdwn`${more}`];
  const operators =
    operatorsChannel === undefined
      ? mrkdwn`none: what nobody else hears goes to owners`
      : channelLink(operatorsChannel);
  return [
    section(mrkdwn`*What needs a second pair of eyes*\n${policyText(approvals)}`),
    context(inFile('approvals')),
    section(
      mrkdwn`*Operators' channel*: ${operators}\n*Low credit* is told at ${lowCreditPercent} % of the latest funding, where a team says nothing else`,
    ),
    context(
      mrkdwn`${inFile('alerts')} For one team: ${code('/team alerts acme-prod change')} and ${code('/team link acme-prod')}.`,
    ),
    section(
      mrkdwn`*Digests*\n${told.length === 0 ? mrkdwn`nobody asked for one` : joined(told, '\n')}`,
    ),
    context(
      mrkdwn`Changed here: ${code('/org digest acme weekly')}, ${code('/team digest acme-prod off')}.`,
    ),
  ];
}

function inFile(block: string): Mrkdwn {
  return mrkdwn`Changed under ${code(block)} in ${code('quartermaster.yaml')}, with a restart.`;
}

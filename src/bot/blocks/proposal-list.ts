import type { KnownBlock } from '@slack/types';
import type { Proposal } from '../../core/approvals/proposal.ts';
import type { Waiting } from '../approvals/waiting.ts';
import { mrkdwn } from '../escape.ts';
import type { Page } from '../paging.ts';
import { pageButtons } from './page-buttons.ts';
import { actions, context, divider, header, section, speech } from './kit.ts';
import type { Speech } from './kit.ts';
import { proposalLine, showCommand } from './proposal-words.ts';
import { runButton } from './run-button.ts';

/** Slack holds 50 blocks in a message; each takes two. */
const SHOWN_MAX = 15;
/** The teams stand below. */
const AT_HOME_MAX = 5;

/** A page of proposals, each with a button that opens it. */
export function proposalList(title: string, page: Page<Proposal>): Speech {
  const { rows } = page;
  const empty = section(mrkdwn`Nothing is here.`);
  return speech(mrkdwn`${title}: ${rows.length}`, [
    header(title),
    ...(rows.length === 0 ? [empty] : lines(rows)),
    ...pageButtons(page, 'time'),
  ]);
}

/** What waits for one person, and what of theirs waits for others. */
export function waitingList(page: Page<Proposal>, asked: Waiting['asked']): Speech {
  const { rows: toDecide } = page;
  const none = section(mrkdwn`Nothing waits for your decision. 🎉`);
  return speech(mrkdwn`${toDecide.length} wait for your decision`, [
    header('Waiting for your decision'),
    ...(toDecide.length === 0 ? [none] : lines(toDecide)),
    ...pageButtons(page, 'name'),
    ...(asked.length === 0 ? [] : [divider(), section(mrkdwn`*You asked for*`), ...lines(asked)]),
    actions(
      runButton('All that waits', '/approvals all'),
      runButton('History', '/approvals history'),
    ),
  ]);
}

/** What waits for a person's decision, as a part of their home tab. */
export function waitingPart(toDecide: readonly Proposal[]): KnownBlock[] {
  const shown = toDecide.slice(0, AT_HOME_MAX);
  const all = actions(runButton('All that waits for me', '/approvals mine'));
  return toDecide.length === 0
    ? []
    : [divider(), section(mrkdwn`*🖐️ Waiting for your decision*`), ...lines(shown), all];
}

function lines(proposals: readonly Proposal[]): KnownBlock[] {
  const shown = proposals.slice(0, SHOWN_MAX);
  const hidden = proposals.length - shown.length;
  return [
    ...shown.map((each) => section(proposalLine(each), runButton('Open', showCommand(each)))),
    ...(hidden > 0 ? [context(mrkdwn`… and ${hidden} more`)] : []),
  ];
}

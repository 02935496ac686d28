import type { ViewInput } from './blocks/check.ts';
import { slackId } from './ids.ts';
import { named } from './messages.ts';
import type { Block, StateValues, TextObject, View } from './model.ts';
import type { Office } from './office.ts';
import { initialState } from './people/state.ts';

/** Whatever an accepted view says, in one form for modals and home tabs. */
type Said = {
  type: 'modal' | 'home';
  blocks: Block[];
  title?: TextObject;
  submit?: TextObject;
  close?: TextObject;
  private_metadata?: string;
  callback_id?: string;
  external_id?: string;
  clear_on_close?: boolean;
  notify_on_close?: boolean;
};

function content(given: ViewInput, kept: StateValues) {
  const said = given as Said;
  const blocks = named(said.blocks);
  return {
    type: said.type,
    blocks,
    ...(said.title && { title: said.title }),
    ...(said.submit && { submit: said.submit }),
    ...(said.close && { close: said.close }),
    privateMetadata: said.private_metadata ?? '',
    callbackId: said.callback_id ?? '',
    externalId: said.external_id ?? '',
    clearOnClose: said.clear_on_close ?? false,
    notifyOnClose: said.notify_on_close ?? false,
    hash: `${Date.now()}.${slackId('', 8)}`,
    state: initialState(blocks, kept),
  };
}

/** A new view for a person, not shown yet. */
export function createView(userId: string, given: ViewInput, previous?: View): View {
  const id = slackId('V');
  return {
    id,
    userId,
    rootViewId: previous?.rootViewId ?? id,
    previousViewId: previous?.id ?? null,
    ...content(given, {}),
  };
}

/** The same view with new content. What the person typed stays where block and action stay. */
function replacedView(view: View, given: ViewInput): View {
  return {
    id: view.id,
    userId: view.userId,
    rootViewId: view.rootViewId,
    previousViewId: view.previousViewId,
    ...content(given, view.state),
  };
}

export function stackOf(office: Office, userId: string): View[] {
  return office.stacks.get(userId) ?? [];
}

export function setStack(office: Office, userId: string, stack: View[]): void {
  office.stacks.set(userId, stack);
  office.changes.tell({ kind: 'views', user: userId });
}

export function findModal(office: Office, matches: (view: View) => boolean): View | undefined {
  return [...office.stacks.values()].flat().find(matches);
}

export function findView(office: Office, viewId: string): View | undefined {
  return (
    findModal(office, (view) => view.id === viewId) ??
    [...office.homes.values()].find((view) => view.id === viewId)
  );
}

/** Puts new content where the view was: in its stack, or as the person's home tab. */
export function replaceView(office: Office, view: View, given: ViewInput): View {
  const next = replacedView(view, given);
  if (view.type === 'home') {
    office.homes.set(view.userId, next);
    office.save();
    office.changes.tell({ kind: 'home', user: view.userId });
    return next;
  }
  const stack = stackOf(office, view.userId);
  setStack(
    office,
    view.userId,
    stack.map((one) => (one.id === view.id ? next : one)),
  );
  return next;
}

/** A view as the Web API and the payloads carry it. */
export function wireView(office: Office, view: View): Record<string, unknown> {
  const { bot, team } = office.settings;
  return {
    id: view.id,
    team_id: team.id,
    type: view.type,
    blocks: view.blocks,
    private_metadata: view.privateMetadata,
    callback_id: view.callbackId,
    state: { values: view.state },
    hash: view.hash,
    title: view.title ?? { type: 'plain_text', text: 'View Title', emoji: true },
    clear_on_close: view.clearOnClose,
    notify_on_close: view.notifyOnClose,
    close: view.close ?? null,
    submit: view.submit ?? null,
    previous_view_id: view.previousViewId,
    root_view_id: view.rootViewId,
    app_id: bot.appId,
    external_id: view.externalId,
    app_installed_team_id: team.id,
    bot_id: bot.botId,
  };
}

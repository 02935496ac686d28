import { App, LogLevel } from '@slack/bolt';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { startWorkspace, type RunningWorkspace } from '../../src/embedded/slack/workspace.ts';

let workspace: RunningWorkspace;
let app: App;

function text(words: string) {
  return { type: 'plain_text' as const, text: words };
}

/** A modal whose radio buttons say what the app shall answer to its submission. */
function stepModal(title: string) {
  const options = ['push', 'update', 'clear', 'close'].map((value) => ({
    text: text(value),
    value,
  }));
  return {
    type: 'modal' as const,
    callback_id: 'step',
    title: text(title),
    submit: text('Go'),
    notify_on_close: true,
    blocks: [
      {
        type: 'input' as const,
        block_id: 'note',
        optional: true,
        label: text('Note'),
        element: { type: 'plain_text_input' as const, action_id: 'note' },
      },
      {
        type: 'input' as const,
        block_id: 'next',
        label: text('Next'),
        element: { type: 'radio_buttons' as const, action_id: 'next', options },
      },
    ],
  };
}

beforeEach(async () => {
  workspace = await startWorkspace({ port: 0, commands: ['/step', '/private'] });
  app = new App({
    token: workspace.botToken,
    appToken: workspace.appToken,
    socketMode: true,
    logLevel: LogLevel.ERROR,
    clientOptions: { slackApiUrl: `${workspace.url}/api/`, retryConfig: { retries: 0 } },
  });
  app.command('/step', async ({ ack, body, client }) => {
    await ack();
    await client.views.open({ trigger_id: body.trigger_id, view: stepModal('First') });
  });
  app.view({ callback_id: 'step', type: 'view_submission' }, async ({ ack, view }) => {
    const next = view.state.values['next']?.['next']?.selected_option?.value;
    const title = { push: 'Pushed', update: 'Updated' }[next ?? ''];
    await (next === 'push' || next === 'update'
      ? ack({ response_action: next, view: stepModal(title ?? '') })
      : next === 'clear'
        ? ack({ response_action: 'clear' })
        : ack());
  });
  await app.start();
});

afterEach(async () => {
  await app.stop();
  await workspace.close();
});

const user = 'U0MANAGER';

async function go(next: string) {
  return workspace.control.submitView({ user, values: { next, note: `to ${next}` } });
}

function titles() {
  return workspace.control.views({ user }).map((view) => view.title?.text);
}

async function openFirst(): Promise<void> {
  await workspace.control.command({ user, channel: 'general', text: '/step' });
  await workspace.control.waitForView((view) => view.title?.text === 'First');
}

test('a submission may push, update, pop and clear, and no stack is higher than three', async () => {
  await openFirst();
  await go('push');
  expect(titles()).toEqual(['First', 'Pushed']);
  await go('update');
  expect(titles()).toEqual(['First', 'Updated']);
  await go('push');
  expect(titles()).toHaveLength(3);
  const fourth = await go('push');
  expect(fourth).toMatchObject({ ok: false, error: 'bad_answer' });
  expect(fourth.sentence).toContain('push_limit_reached');
  await go('close');
  expect(titles()).toEqual(['First', 'Updated']);
  await go('clear');
  expect(titles()).toEqual([]);
});

test('what was typed stays in an updated view where block and action stay', async () => {
  await openFirst();
  await go('update');
  const [view] = workspace.control.views({ user });
  expect(view?.state['note']?.['note']).toEqual({ type: 'plain_text_input', value: 'to update' });
});

test('closing a whole stack tells the app of each view, as cleared', async () => {
  const cleared: boolean[] = [];
  const both = Promise.withResolvers<void>();
  app.view({ callback_id: 'step', type: 'view_closed' }, async ({ ack, body }) => {
    await ack();
    cleared.push('is_cleared' in body && body.is_cleared);
    if (cleared.length === 2) {
      both.resolve();
    }
  });
  await openFirst();
  await go('push');
  await workspace.control.closeView({ user, all: true });
  await both.promise;
  expect(cleared).toEqual([true, true]);
  expect(titles()).toEqual([]);
});

test('a choice or a field that is not there is named, and nothing is sent', async () => {
  await openFirst();
  const sent = workspace.control.envelopes().length;
  await expect(go('fly')).rejects.toThrow('it offers push, update, clear, close');
  const stray = workspace.control.submitView({ user, values: { colour: 'red' } });
  await expect(stray).rejects.toThrow('Cannot fill in colour: the view has note, next');
  expect(workspace.control.envelopes()).toHaveLength(sent);
});

test('an ephemeral message is replaced and deleted by the address that its button hands out', async () => {
  const { control } = workspace;
  const blocks = [
    {
      type: 'actions' as const,
      elements: ['replace', 'remove'].map((action) => ({
        type: 'button' as const,
        action_id: action,
        text: text(action),
      })),
    },
  ];
  let carriesMessage = true;
  app.command('/private', async ({ ack }) => ack({ text: 'first', blocks }));
  app.action('replace', async ({ ack, body, respond }) => {
    carriesMessage = 'message' in body;
    await ack();
    await respond({ replace_original: true, text: 'second', blocks });
  });
  app.action('remove', async ({ ack, respond }) => {
    await ack();
    await respond({ delete_original: true });
  });
  const { message } = await control.command({ user, channel: 'general', text: '/private' });
  const first = { user, messageStamp: message?.stamp ?? '' };
  await control.click({ ...first, actionId: 'replace' });
  const second = await control.waitForMessage((one) => one.text === 'second');
  expect(second).toMatchObject({ stamp: first.messageStamp, ephemeralFor: user });
  expect(carriesMessage).toBe(false);
  const other = control.click({ ...first, user: 'U0VIEWER', actionId: 'replace' });
  await expect(other).rejects.toThrow('sees no such message');
  await control.click({ ...first, actionId: 'remove' });
  await control.waitFor(() => control.messages({ channel: 'general', user }).length === 0);
});

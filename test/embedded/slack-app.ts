import { App, LogLevel, SocketModeReceiver, type AppOptions } from '@slack/bolt';
import type { RunningWorkspace } from '../../src/embedded/slack/workspace.ts';

/** A modal as the app under test sends it. */
export function creditModal() {
  return {
    type: 'modal' as const,
    callback_id: 'credits',
    title: { type: 'plain_text' as const, text: 'Top up' },
    submit: { type: 'plain_text' as const, text: 'Top up' },
    notify_on_close: true,
    blocks: [
      {
        type: 'input' as const,
        block_id: 'amount',
        label: { type: 'plain_text' as const, text: 'Amount' },
        element: {
          type: 'number_input' as const,
          action_id: 'amount',
          is_decimal_allowed: false,
          min_value: '1',
        },
      },
      {
        type: 'input' as const,
        block_id: 'team',
        label: { type: 'plain_text' as const, text: 'Team' },
        element: { type: 'external_select' as const, action_id: 'team', min_query_length: 0 },
      },
    ],
  };
}

/** The message with the button that two people press. */
function approvalBlocks(amount: string) {
  return [
    {
      type: 'section' as const,
      block_id: 'what',
      text: { type: 'mrkdwn' as const, text: `*${amount}* credits for *acme-prod*?` },
    },
    {
      type: 'actions' as const,
      block_id: 'decide',
      elements: [
        {
          type: 'button' as const,
          action_id: 'approve',
          style: 'primary' as const,
          value: amount,
          text: { type: 'plain_text' as const, text: 'Approve' },
        },
      ],
    },
  ];
}

const LOG_LEVEL = LogLevel.ERROR;

function clientOptions(workspace: RunningWorkspace): NonNullable<AppOptions['clientOptions']> {
  return { slackApiUrl: `${workspace.url}/api/`, retryConfig: { retries: 0 } };
}

/** A real Bolt app that reaches the workspace by its socket. */
export function socketApp(workspace: RunningWorkspace): App {
  return credits(
    new App({
      token: workspace.botToken,
      appToken: workspace.appToken,
      socketMode: true,
      logLevel: LOG_LEVEL,
      clientOptions: clientOptions(workspace),
    }),
  );
}

/** The same with a receiver of its own, whose pause before it reconnects is shorter than 5 s. */
export function quicklyReconnectingApp(workspace: RunningWorkspace): App {
  const receiver = new SocketModeReceiver({
    appToken: workspace.appToken,
    clientPingTimeout: 200,
    logLevel: LOG_LEVEL,
    installerOptions: { clientOptions: clientOptions(workspace) },
  });
  return credits(
    new App({
      token: workspace.botToken,
      receiver,
      logLevel: LOG_LEVEL,
      clientOptions: clientOptions(workspace),
    }),
  );
}

/** The same as a server to which the workspace posts signed requests. */
export function httpApp(workspace: RunningWorkspace): App {
  return credits(
    new App({
      token: workspace.botToken,
      signingSecret: workspace.signingSecret,
      logLevel: LOG_LEVEL,
      clientOptions: clientOptions(workspace),
    }),
  );
}

/** Command, modal, typeahead, approval, home and mention. */
function credits(app: App): App {
  let decidedBy: string | undefined;
  app.command('/credits', async ({ ack, body, client }) => {
    await ack();
    await client.views.open({ trigger_id: body.trigger_id, view: creditModal() });
  });
  app.options('team', async ({ ack, payload }) => {
    const names = ['acme-prod', 'acme-test', 'globex'].filter((name) =>
      name.includes(payload.value),
    );
    await ack({
      options: names.map((name) => ({ text: { type: 'plain_text', text: name }, value: name })),
    });
  });
  app.view('credits', async ({ ack, view, client }) => {
    const amount = view.state.values['amount']?.['amount']?.value ?? '';
    if (Number(amount) > 1_000) {
      await ack({ response_action: 'errors', errors: { amount: 'At most 1000.' } });
      return;
    }
    await ack();
    const team = view.state.values['team']?.['team']?.selected_option?.value;
    await client.chat.postMessage({
      channel: 'C0OPS',
      text: `${amount} credits for ${team}?`,
      blocks: approvalBlocks(amount),
    });
  });
  app.action('approve', async ({ ack, body, client, respond }) => {
    await ack();
    if (decidedBy !== undefined) {
      await respond({ text: `Already approved by <@${decidedBy}>` });
      return;
    }
    decidedBy = body.user.id;
    const { container } = body as { container?: { message_ts?: string; channel_id?: string } };
    await client.chat.update({
      channel: container?.channel_id ?? '',
      ts: container?.message_ts ?? '',
      text: `Approved by <@${decidedBy}>`,
      blocks: [],
    });
  });
  app.event('app_home_opened', async ({ event, client }) => {
    await client.views.publish({
      user_id: event.user,
      view: {
        type: 'home',
        blocks: [{ type: 'header', text: { type: 'plain_text', text: 'Your teams' } }],
      },
    });
  });
  app.event('app_mention', async ({ event, say }) => {
    await say({ text: 'At your service', thread_ts: event.ts });
  });
  return app;
}

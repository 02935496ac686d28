import { parseArgs } from 'node:util';
import { messageOf } from '../thrown.ts';
import { startWorkspace } from './workspace.ts';

/**
 * Runs the workspace as a process of its own: `--port 4001 --data <file>`. Credentials never stand
 * in arguments: they are made at the first start, kept in the data file, and told to whoever
 * started the process by its message.
 */
async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      port: { type: 'string', default: '4001' },
      data: { type: 'string' },
      'request-url': { type: 'string' },
    },
  });
  const workspace = await startWorkspace({
    port: Number(values.port),
    ...(values.data !== undefined && { dataFile: values.data }),
    ...(values['request-url'] !== undefined && { requestUrl: values['request-url'] }),
  });
  let stopping = false;
  const stop = (): void => {
    if (!stopping) {
      stopping = true;
      workspace.close().then(
        () => process.exit(0),
        () => process.exit(1),
      );
    }
  };
  process.once('SIGTERM', stop);
  process.once('SIGINT', stop);
  // Whoever started us is gone.
  process.once('disconnect', stop);
  const { url, port, botToken, appToken, signingSecret } = workspace;
  const credentials = { botToken, appToken, signingSecret };
  process.send?.({ ready: true, role: 'workspace', url, port, ...credentials });
}

main().catch((error: unknown) => {
  process.send?.({ failed: messageOf(error) });
  process.exitCode = 1;
  process.disconnect?.();
});

import { readFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { messageOf } from '../thrown.ts';
import { startDemoProvider } from './server.ts';

/** Runs the provider as a process of its own: `--port`, `--key-file` and, if wanted, its pace. */
async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      port: { type: 'string', default: '4002' },
      'key-file': { type: 'string' },
      'latency-ms': { type: 'string', default: '0' },
      'event-delay-ms': { type: 'string', default: '0' },
    },
  });
  if (values['key-file'] === undefined) {
    throw new Error(
      'Start the demo provider: no --key-file is given, name a file that holds its key',
    );
  }
  const provider = await startDemoProvider({
    port: Number(values.port),
    apiKey: (await readFile(values['key-file'], 'utf8')).trim(),
    latencyMs: Number(values['latency-ms']),
    eventDelayMs: Number(values['event-delay-ms']),
  });
  const stop = () => void provider.close().then(() => process.exit(0));
  process.once('SIGTERM', stop);
  // Whoever started us is gone.
  process.once('disconnect', stop);
  process.send?.({ ready: true, role: 'provider', url: provider.url });
}

main().catch((error: unknown) => {
  process.send?.({ failed: messageOf(error) });
  process.exitCode = 1;
  process.disconnect?.();
});

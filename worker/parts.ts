import type { WebClient } from '@slack/web-api';
import type { RoleBook } from '../src/bot/roles.ts';
import type { TaskQueue } from '../src/queue/queue.ts';
import type { Services } from '../src/services.ts';

/** What processors and beats work with. */
export interface WorkerParts {
  readonly services: Services;
  readonly queue: TaskQueue;
  /** Undefined where no Slack is configured: then nobody is told, and the log says so once. */
  readonly slack: WebClient | undefined;
  /** Who is who in that Slack. */
  readonly roles: RoleBook | undefined;
}

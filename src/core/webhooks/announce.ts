import type { DomainEvent } from '../events.ts';
import type { Records, Stores } from '../stores.ts';
import { WEBHOOK_KINDS } from './webhook.ts';
import type { WebhookKind } from './webhook.ts';

/**
 * Puts an event on its way to every endpoint that hears of it. The same event, told again, goes out once: an
 * endpoint has one delivery of it, whose id is made of both. The message says what changed and where; what it
 * is now is read by the API, so that late and repeated messages mislead nobody.
 */
export async function announceToWebhooks(
  { records, clock }: Stores,
  event: DomainEvent,
  eventId: bigint,
): Promise<void> {
  const kind = WEBHOOK_KINDS.find((each) => each === event.kind);
  const data = kind === undefined ? undefined : await dataOf(records, event);
  if (kind === undefined || data === undefined) {
    return;
  }
  const now = new Date(clock());
  const listening = await records.webhooks.listening(data.organization_id, kind);
  for (const endpoint of listening) {
    const body = JSON.stringify({ type: kind satisfies WebhookKind, timestamp: now, data });
    const id = `msg_${endpoint.id}_${eventId}`;
    await records.webhooks.enqueue({
      id,
      endpointId: endpoint.id,
      eventId,
      kind,
      body,
      nextAt: now,
    });
  }
}

type Data = Readonly<Record<string, unknown>> & { readonly organization_id: string };

/** Undefined where what it is about is gone, or concerns nobody outside. */
async function dataOf(records: Records, event: DomainEvent): Promise<Data | undefined> {
  switch (event.kind) {
    case 'organization.changed':
      return { organization_id: event.organizationId };
    case 'user.changed':
      return { organization_id: event.organizationId, user_id: event.userId };
    case 'end_user.changed':
      return { organization_id: event.organizationId, end_user_id: event.endUserId };
    case 'team.changed':
    case 'credits.posted':
      return ofTeam(records, event.teamId, {});
    case 'member.changed':
      return ofTeam(records, event.teamId, { user_id: event.memberId });
    case 'grant.expiring':
      return ofTeam(records, event.teamId, { grant_id: event.grantId });
    case 'key.changed': {
      const key = await records.keys.find(event.keyId);
      return key && { organization_id: key.organizationId, team_id: key.teamId, key_id: key.id };
    }
    case 'job.ended': {
      const job = await records.jobs.find(event.jobId);
      return (
        job && {
          organization_id: job.organizationId,
          team_id: job.teamId,
          job_id: job.id,
          status: job.status,
        }
      );
    }
    case 'alert.changed': {
      const episode = await records.alerts.find(event.episodeId);
      return (
        episode && {
          organization_id: episode.organizationId,
          ...(episode.teamId === null ? {} : { team_id: episode.teamId }),
          alert_id: episode.id,
          kind: episode.kind,
          is_over: episode.closedAt !== null,
        }
      );
    }
    default:
      return undefined;
  }
}

async function ofTeam(
  records: Records,
  teamId: string,
  more: Readonly<Record<string, unknown>>,
): Promise<Data | undefined> {
  const team = await records.teams.find(teamId);
  return team && { organization_id: team.organizationId, team_id: teamId, ...more };
}

import { SYSTEM } from '../../../src/core/audit/audit.ts';
import type { Actor } from '../../../src/core/audit/audit.ts';
import { actOrPropose } from '../../../src/core/approvals/propose.ts';
import type { Proposal } from '../../../src/core/approvals/proposal.ts';
import { createJob } from '../../../src/core/jobs/create-job.ts';
import { rotateKey } from '../../../src/core/keys/change-key.ts';
import { hashOfKey } from '../../../src/core/keys/virtual-key.ts';
import type { KeyIdentity } from '../../../src/core/gateway/gate.ts';
import { isRefusal } from '../../../src/core/refusals.ts';
import { setTeamStatus } from '../../../src/core/teams/set-status.ts';
import { CREDIT } from '../../support/credits.ts';
import { PEPPER } from '../../support/quartermaster.ts';
import type { TaskWorld } from '../task-world.ts';
import { audited, DAY_S, HOUR_S, kindsOf, MINUTE_S, teamWith } from './scene.ts';
import type { Scenes } from './scene.ts';

const MAYA: Actor = { id: 'slack:U0MAYA', door: 'slack' };
/** More than one person may add alone. */
const MUCH = 20_000n;

/** A top-up that waits for a second person. */
async function proposedTopUp({ qm }: TaskWorld, teamId: string): Promise<string> {
  const reference = `proposed for ${teamId}`;
  const asked = await actOrPropose(qm.stores, MAYA, {
    action: { kind: 'top_up', teamId, amount: MUCH * CREDIT, reason: 'Invoice 17', reference },
    channelId: undefined,
    onceKey: reference,
  });
  return (asked as { readonly proposal: Proposal }).proposal.id;
}

/** Tasks that end what has an end: states, jobs, keys, proposals. */
export const TEAM_SCENES = {
  'lift-statuses': {
    async prepare(world) {
      const { qm } = world;
      const { id } = await teamWith(world, 1n);
      const until = new Date(qm.nowMs() + HOUR_S * 1_000);
      await setTeamStatus(qm.stores, SYSTEM, { teamId: id, status: 'suspended', until });
      await qm.passSeconds(HOUR_S);
      return {
        outcome: async () => [
          (await qm.stores.records.teams.find(id))?.status,
          await audited(world, `team:${id}`, 'team.resumed'),
        ],
      };
    },
    done: ['active', 1],
  },
  'expire-jobs': {
    async prepare(world) {
      const { qm } = world;
      const { id, secretKey } = await teamWith(world, 5n);
      const identity = await qm.gate.identify(hashOfKey(secretKey, PEPPER), '');
      const wish = { jobType: 'review', userId: null, metadata: {}, address: '0'.repeat(32) };
      const job = await createJob(qm.stores, identity as KeyIdentity, wish);
      await qm.passSeconds(DAY_S + MINUTE_S);
      return {
        outcome: async () => [
          isRefusal(job) ? job : (await qm.stores.records.jobs.find(job.id))?.status,
          await qm.drift(id),
        ],
      };
    },
    done: ['expired', 0n],
  },
  'send-digests': {
    async prepare(world) {
      const { qm } = world;
      const { id } = await teamWith(world, 1n);
      const channelId = `C0${id.toUpperCase()}`;
      const nextAt = new Date(qm.nowMs());
      const data = { channelId, subject: `team:${id}`, every: 'daily', nextAt, createdBy: 'U1' };
      await qm.postgres.digestSubscription.create({ data });
      const where = { place: channelId, kind: 'digest' };
      return { outcome: async () => qm.postgres.channelPost.count({ where }) };
    },
    // Of those that were missed, none.
    done: 1,
  },
  'note-key-ends': {
    async prepare(world) {
      const { qm } = world;
      const { id, keyId } = await teamWith(world, 1n);
      const expiresAt = new Date(qm.nowMs() + 30 * DAY_S * 1_000);
      await qm.stores.records.keys.update(keyId, { expiresAt });
      await qm.stores.records.teams.update(id, { channelId: `C0${id.toUpperCase()}` });
      await rotateKey(qm.stores, SYSTEM, { keyId, graceMs: DAY_S * 1_000 });
      await qm.passSeconds(31 * DAY_S);
      const told = async () =>
        qm.postgres.channelPost.count({ where: { teamId: id, kind: 'change.news' } });
      const before = await told();
      return {
        outcome: async () => [
          await audited(world, `key:${keyId}`, 'key.expired'),
          await audited(world, `key:${keyId}`, 'key.grace_ended'),
          (await told()) - before,
        ],
      };
    },
    done: [1, 1, 2],
  },
  'lapse-proposals': {
    async prepare(world) {
      const { qm } = world;
      const { id } = await teamWith(world, 1n);
      const proposalId = await proposedTopUp(world, id);
      await qm.passSeconds(4 * DAY_S);
      return {
        outcome: async () => [
          (await qm.stores.records.approvals.find(proposalId))?.status,
          await audited(world, `team:${id}`, 'proposal.expired'),
          await kindsOf(world, id),
        ],
      };
    },
    done: ['expired', 1, ['grant 1']],
  },
  'carry-proposal': {
    async prepare(world) {
      const { qm } = world;
      const { id } = await teamWith(world, 1n);
      const proposalId = await proposedTopUp(world, id);
      // As its last approval leaves it when the process dies right after.
      await qm.stores.records.approvals.update(proposalId, {
        status: 'approved',
        decidedAt: new Date(qm.nowMs()),
        decidedBy: 'slack:U0OMAR',
      });
      return {
        payload: { proposalId },
        outcome: async () => [
          (await qm.stores.records.approvals.find(proposalId))?.status,
          await audited(world, `team:${id}`, 'proposal.applied'),
          await kindsOf(world, id),
        ],
      };
    },
    done: ['applied', 1, ['grant 1', `top_up ${MUCH}`]],
  },
} as const satisfies Scenes;

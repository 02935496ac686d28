// Keys of a LiteLLM proxy: their digests come over, so that clients keep their secrets.

import { ceilingsRequest, plainMetadata } from './ceilings.ts';
import { MASTER } from './litellm-rows.ts';
import type { LiteLlmRows } from './litellm-rows.ts';
import { momentOf } from './moment.ts';
import { presentSpend, spendStep } from './spend.ts';
import {
  begun,
  differenceOf,
  fieldOf,
  get,
  obstacleOf,
  post,
  progressBy,
  textsIn,
} from './step.ts';
import type { Known, Step } from './step.ts';

type Key = LiteLlmRows['keys'][number];

/** A key, and what was spent with it. */
export function keySteps(row: Key, known: Known): Step[] {
  const step = keyStep(row, known);
  return [step, ...spendStep(`key:${row.token}`, presentSpend(row), step)];
}

/** The organization whose calls are made with a key. */
export function homeOfKey(row: Key, teams: LiteLlmRows['teams'], known: Known): string {
  const team = teams.find(({ team_id: id }) => id === row.team_id);
  const own = row.team_id === null ? row.organization_id : (team?.organization_id ?? null);
  const isThere = own !== null && known.organizations.has(own);
  const person = row.team_id === null ? known.homes.get(row.user_id ?? '') : undefined;
  return isThere ? own : (person ?? known.home);
}

function keyStep(row: Key, { served, teams, homes, organizations, ...known }: Known): Step {
  const { token, key_name: shown, key_alias: alias, team_id: teamId, user_id: userId } = row;
  const { models, expires, aliases } = row;
  const { tags, ...metadata } = plainMetadata(row.metadata);
  const isOwned = userId !== null && userId !== MASTER;
  const own = row.organization_id ?? '';
  const home = organizations.has(own) ? own : (homes.get(userId ?? '') ?? known.home);
  const isLost = teamId !== null && known.lostTeams.has(teamId);
  const lost =
    teamId === null || (teams.has(teamId) && !isLost)
      ? undefined
      : `its team ${teamId} ${isLost ? 'cannot be made' : 'is not there'}`;
  return {
    kind: 'key',
    name: alias ?? shown ?? token.slice(0, SHOWN_LENGTH),
    obstacle:
      lost ?? obstacleOfKey(row) ?? obstacleOf(served, [...models, ...textsIn(aliases ?? {})]),
    look: get(`/api/keys/brought/${token}`),
    progress: (status, answer) => progressBy(status, fieldOf(answer, 'metadata')),
    difference: (answer) =>
      differenceOf(
        {
          models,
          ...(alias === null ? {} : { name: alias }),
          ...(teamId === null ? {} : { team_id: teamId }),
        },
        answer,
      ),
    make: post('/api/keys/bring', {
      ...(teamId === null ? { organization_id: home } : { team_id: teamId }),
      sha256: token,
      last_four: shown?.slice(-LAST_FOUR) ?? token.slice(-LAST_FOUR),
      ...(alias === null ? {} : { name: alias }),
      ...(isOwned ? { user_id: userId, create_user: true } : {}),
      ...(expires === null ? {} : { expires_at: momentOf(expires) }),
      models,
      model_aliases: aliases ?? {},
      ...(Array.isArray(tags) ? { tags } : {}),
      metadata: begun(metadata),
    }),
    isRepeatable: true,
    rest(answer) {
      const id = String(fieldOf(answer, 'key_id'));
      const url = `/api/keys/${encodeURIComponent(id)}`;
      return [
        // What a key has of its own goes before what it shares with others.
        ...(row.budget_id === null
          ? []
          : [post('/key/update', { key: id, budget_id: row.budget_id })]),
        ...ceilingsRequest(`${url}/limits`, row, row.metadata),
        ...(row.blocked === true ? [post(`${url}/block`, { reason: 'blocked in LiteLLM' })] : []),
        { method: 'PUT', url, body: { metadata } },
      ];
    },
  };
}

const DIGEST = /^[0-9a-f]{64}$/;

/** What a key lacks that every key has here. */
function obstacleOfKey({ token, expires }: Key): string | undefined {
  if (!DIGEST.test(token)) {
    return 'the other system keeps no SHA-256 of it';
  }
  return expires !== null && Date.parse(momentOf(expires)) <= Date.now()
    ? `it ended at ${expires}`
    : undefined;
}

/** So little of a digest finds no key. */
const SHOWN_LENGTH = 12;
const LAST_FOUR = 4;

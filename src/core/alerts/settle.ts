// One engine for every kind of alert. A watcher says what holds now; here it becomes episodes: what is
// new is opened, what stands at another stage is changed, what holds no more is closed. So a watcher that
// runs twice, late, or after an outage of days does the same once, and tells the state as it is.

import { newId } from '../ids.ts';
import type { Records, Stores } from '../stores.ts';
import type { AlertEpisode, AlertFacts, AlertKind, Finding } from './episode.ts';
import { placeOf, policyOf, tellAlert } from './tell-alert.ts';

/**
 * Makes the open episodes of a kind equal to what was found; answers how many changed. `closing` says what is
 * known of the end of one.
 */
export async function settleFindings(
  stores: Stores,
  kind: AlertKind,
  findings: readonly Finding[],
  closing: (episode: AlertEpisode) => Promise<AlertFacts | undefined> = async () => undefined,
): Promise<number> {
  const open = await stores.records.alerts.openOfKind(kind);
  const nameOf = ({ teamId, organizationId, subject }: Finding): string =>
    teamId === null ? `of ${organizationId} ${subject}` : `${teamId} ${subject}`;
  const episodes = new Map(open.map((episode) => [nameOf(episode), episode]));
  const found = new Set(findings.map(nameOf));
  let changed = 0;
  for (const finding of findings) {
    const episode = episodes.get(nameOf(finding));
    if (episode?.stage !== finding.stage) {
      changed += await settle(stores, kind, finding, episode);
    }
  }
  for (const episode of open.filter((each) => !found.has(nameOf(each)))) {
    changed += await close(stores, episode, await closing(episode));
  }
  return changed;
}

/** Opens an episode, or brings the open one to another stage. 1 if this is who did it. */
export async function settle(
  stores: Stores,
  kind: AlertKind,
  finding: Finding,
  episode: AlertEpisode | undefined,
): Promise<number> {
  return counted(stores, async (records) => {
    const { teamId } = finding;
    const team = teamId === null ? undefined : await records.teams.find(teamId);
    const organizationId = team?.organizationId ?? finding.organizationId;
    if (organizationId === undefined) {
      return 0;
    }
    const policy = await policyOf(stores, records, { teamId, organizationId });
    if (policy.off.includes(kind)) {
      return 0;
    }
    const whose = { channelId: team?.channelId ?? null, organizationId };
    const place = await placeOf(records, policy, whose, finding.severity);
    if (episode === undefined) {
      const openedAt = new Date(stores.clock());
      const wish = { ...finding, id: newId(), organizationId, kind, places: [place], openedAt };
      const opened = await records.alerts.open(wish);
      await (opened && tellAlert(stores, records, opened));
      return opened === undefined ? 0 : 1;
    }
    const places = [...new Set([...episode.places, place])];
    // Silence was asked for a warning, not for what it came to.
    const endsSilence = finding.severity === 'critical' && episode.severity === 'warning';
    const to = { ...finding, places, endsSilence };
    const changed = await records.alerts.changeStage(episode.id, episode.stage, to);
    const step = { what: 'stage', actor: null, from: episode.stage } as const;
    await (changed && tellAlert(stores, records, changed, step));
    return changed === undefined ? 0 : 1;
  });
}

/** Ends an episode. 1 if this is who did it. */
export async function close(
  stores: Stores,
  episode: AlertEpisode,
  facts?: AlertEpisode['facts'],
): Promise<number> {
  return counted(stores, async (records) => {
    const closed = await records.alerts.close(episode.id, new Date(stores.clock()), facts);
    await (closed && tellAlert(stores, records, closed, { what: 'closed', actor: null }));
    return closed === undefined ? 0 : 1;
  });
}

/** In one transaction, which a refusal never ends: there is none. */
async function counted(
  { records }: Stores,
  work: (records: Records) => Promise<0 | 1>,
): Promise<number> {
  return records.change<number>(work) as Promise<number>;
}

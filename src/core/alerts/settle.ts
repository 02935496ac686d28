// One engine for every kind of alert. A watcher says what holds now; here it becomes episodes: what is
// new is opened, what stands at another stage is changed, what holds no more is closed. So a watcher that
// runs twice, late, or after an outage of days does the same once, and tells the state as it is.

import { newId } from '../ids.ts';
import type { Records, Stores } from '../stores.ts';
import type { AlertEpisode, AlertKind, Finding } from './episode.ts';
import { placeOf, policyOf, tellAlert } from './tell-alert.ts';

/** Makes the open episodes of a kind equal to what was found; answers how many changed. */
export async function settleFindings(
  stores: Stores,
  kind: AlertKind,
  findings: readonly Finding[],
): Promise<number> {
  const open = await stores.records.alerts.openOfKind(kind);
  const nameOf = ({ teamId, subject }: Finding): string => `${teamId} ${subject}`;
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
    changed += await close(stores, episode);
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
    const team = await records.teams.find(finding.teamId);
    const policy = await policyOf(stores, records, finding.teamId);
    if (team === undefined || policy.off.includes(kind)) {
      return 0;
    }
    const place = await placeOf(records, policy, team, finding.severity);
    if (episode === undefined) {
      const openedAt = new Date(stores.clock());
      const wish = { ...finding, id: newId(), kind, places: [place], openedAt };
      const opened = await records.alerts.open(wish);
      await (opened && tellAlert(stores, records, opened));
      return opened === undefined ? 0 : 1;
    }
    const places = [...new Set([...episode.places, place])];
    // Silence was asked for a warning, not for what it came to.
    const endsSilence = finding.severity === 'critical' && episode.severity === 'warning';
    const to = { ...finding, places, endsSilence };
    const changed = await records.alerts.changeStage(episode.id, episode.stage, to);
    await (changed && tellAlert(stores, records, changed, { what: 'stage', actor: null }));
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

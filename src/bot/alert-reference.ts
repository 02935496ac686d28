// A top-up that an alert asked for carries the alert's name and how often the team had been funded by
// then: two people who press the same button ask for one top-up, and the next button for another.

const ALERT_REFERENCE = /^alert:([^:]+):\d+$/;

export function alertReference(episodeId: string, fundingSequence: bigint): string {
  return `alert:${episodeId}:${fundingSequence}`;
}

/** The episode whose alert asked for this top-up, if one did. */
export function episodeOf(reference: string): string | undefined {
  return ALERT_REFERENCE.exec(reference)?.[1];
}

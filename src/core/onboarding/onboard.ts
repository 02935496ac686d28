import type { Actor } from '../audit/audit.ts';
import type { Repeated } from '../change.ts';
import { once } from '../once.ts';
import { insertOrganization } from '../organizations/create-organization.ts';
import type { Organization } from '../organizations/organization.ts';
import { isRefusal } from '../refusals.ts';
import type { Refusal } from '../refusals.ts';
import type { Stores } from '../stores.ts';
import { DAY_MS } from '../time.ts';
import { makeTeamOrAsk } from '../teams/create-team-or-ask.ts';
import type { TeamMade } from '../teams/create-team-or-ask.ts';
import type { TeamWish } from '../teams/create-team.ts';

export interface OnboardingWish {
  readonly organizationId: string;
  /** For people: "Acme Corporation". */
  readonly name: string;
  readonly accessGroups: readonly string[];
  /** Where its news go; nowhere if absent. */
  readonly channelId: string | undefined;
  /** Where it was asked for; credits that need an approval are shown there. */
  readonly askedIn: string | undefined;
  /** Who is told after a day whether the first call came; nobody if absent. */
  readonly remind: string | undefined;
  readonly production: OnboardedTeam;
  /** Undefined where none is wished. */
  readonly development: OnboardedTeam | undefined;
}

interface OnboardedTeam {
  readonly id: string;
  /** Microcredits to begin with. */
  readonly credits: bigint;
}

export interface Onboarded {
  readonly organization: Organization;
  /** The production team first. The one moment at which their keys are known. */
  readonly teams: readonly TeamMade[];
}

/** A client that has not called by then has a problem, or has forgotten. */
const REMIND_AFTER_MS = DAY_MS;

/**
 * Makes a customer with its teams, credits and keys: all or nothing, and once for each `onceKey`. Credits that need a
 * second person wait.
 */
export async function onboardCustomer(
  stores: Stores,
  actor: Actor,
  wish: OnboardingWish,
  onceKey: string,
): Promise<Onboarded | Refusal | Repeated> {
  const { organizationId, name, accessGroups, channelId, production, development } = wish;
  return once(stores, onceKey, async (inside) => {
    const organizationWish = { id: organizationId, name, channelId };
    const refusal = await insertOrganization(inside.records, actor, organizationWish);
    if (refusal !== undefined) {
      return refusal;
    }
    const teams: TeamMade[] = [];
    for (const team of [production, ...(development === undefined ? [] : [development])]) {
      const terms: TeamWish = { ...team, organizationId, accessGroups, channelId };
      const made = await makeTeamOrAsk(inside, actor, terms, wish.askedIn);
      if (isRefusal(made)) {
        return made;
      }
      teams.push(made);
    }
    if (wish.remind !== undefined) {
      const due = new Date(stores.clock() + REMIND_AFTER_MS);
      const facts = { organizationId };
      const kind = 'onboarding.day_after';
      await inside.records.posts.add({ place: wish.remind, kind, facts, organizationId, due });
    }
    // Read back in the same transaction: what was inserted is there.
    const organization = (await inside.records.organizations.find(organizationId)) as Organization;
    return { organization, teams };
  });
}

// The contracts that core needs kept. Storage keeps them in Postgres and Redis; core knows neither.

import type { AlertRecords } from './alerts/alert-records.ts';
import type { ApprovalPolicy } from './approvals/policy.ts';
import type { ProposalRecords } from './approvals/proposal.ts';
import type { AuditRecords } from './audit/audit-records.ts';
import type {
  CreditAccount,
  CreditEntry,
  EntryKind,
  FundingPosting,
  Posted,
  RefundPosting,
  TransferPosting,
} from './credits/entry.ts';
import type { BudgetPeriodRecords } from './budgets/budget-period.ts';
import type { BulkPlanRecords } from './bulk/bulk-plan.ts';
import type { GrantRecords } from './credits/grant-records.ts';
import type { Subject } from './ceilings/subject.ts';
import type { DirectoryRecords, Found } from './directory/directory-records.ts';
import type { DigestRecords } from './digests/digest.ts';
import type { HomeTabRecords } from './home-tabs/home-tab-records.ts';
import type { CredentialRecords } from './credentials/credential.ts';
import type { EndUserRecords } from './end-users/end-user-records.ts';
import type { DomainEvent } from './events.ts';
import type { Gate } from './gateway/gate.ts';
import type { JobPolicy } from './jobs/job.ts';
import type { JobRecords } from './jobs/job-records.ts';
import type { RevealLink } from './keys/reveal-link.ts';
import type { KeyRecords } from './keys/key-records.ts';
import type { EntryFilter } from './list-filters.ts';
import type { AccessGroup } from './models/access-group.ts';
import type { CatalogRecords } from './models/catalog-records.ts';
import type { KnownModels } from './models/model-facts.ts';
import type { Dialect } from './models/dialect.ts';
import type { Member, User } from './members/member.ts';
import type { PlanRecords } from './plans/plan-records.ts';
import type { PriceRecords } from './pricing/refresh-prices.ts';
import type { Organization } from './organizations/organization.ts';
import type { PostRecords } from './posts/post-records.ts';
import type { Within } from './permission/caller.ts';
import type { Refusal } from './refusals.ts';
import type { RefusedCalls } from './refusals/refused-call.ts';
import type { Sealer } from './sealing.ts';
import type { TagRecords } from './tags/tag.ts';
import type { TaskRunRecords } from './tasks/task-run.ts';
import type { Team } from './teams/team.ts';
import type { TeamRecords } from './teams/team-records.ts';
import type { StaffRecords } from './staff/staff.ts';
import type { RoleRecords } from './settings/role-records.ts';
import type { Clock } from './time.ts';
import type { BroughtSpendRecords } from './usage/brought-spend.ts';
import type { BroughtUsageRecords } from './usage/brought-usage.ts';
import type { SeenUse } from './usage/burn.ts';
import type { CallPage, CallSearch, UsedCall } from './usage/used-call.ts';
import type { EndUserUsageQuery, EndUserUsageRow } from './usage/end-user-usage.ts';
import type { Figures } from './usage/figures.ts';
import type { UsageQuery, UsageRangeRow } from './usage/usage-range.ts';
import type { WebhookPolicy, WebhookRecords } from './webhooks/webhook.ts';
import type { UsageRow } from './usage/usage.ts';

/** Everything that an operation of core works with. */
export interface Stores {
  readonly records: Records;
  readonly gate: Gate;
  /** What proxies refused. */
  readonly refused: RefusedCalls;
  readonly clock: Clock;
  readonly settings: CoreSettings;
  readonly sealer: Sealer;
}

/** What the operator decides for all operations. */
export interface CoreSettings {
  readonly keyPepper: string;
  readonly lowCreditPercent: number;
  readonly budgetPercents: readonly number[];
  /** How many days before its end a key is told of. */
  readonly keyExpiryDays: readonly number[];
  readonly jobs: JobPolicy;
  readonly approvals: ApprovalPolicy;
  readonly webhooks: WebhookPolicy;
  readonly knownModels: KnownModels;
  readonly newTeam: Pick<
    Team,
    'budgetMode' | 'microcreditsPerUsd' | 'tokensPerCredit' | 'markupBasisPoints'
  >;
}

/** What people configured, and the ledger. Throws RecordsUnavailable when it can't be reached. */
export interface Records {
  readonly organizations: OrganizationRecords;
  readonly teams: TeamRecords;
  readonly keys: KeyRecords;
  readonly accessGroups: AccessGroupRecords;
  readonly catalog: CatalogRecords;
  readonly ledger: LedgerRecords;
  readonly grants: GrantRecords;
  readonly usage: UsageRecords;
  readonly jobs: JobRecords;
  readonly links: RevealLinkRecords;
  readonly users: UserRecords;
  readonly members: MemberRecords;
  readonly endUsers: EndUserRecords;
  readonly broughtSpends: BroughtSpendRecords;
  readonly broughtUsage: BroughtUsageRecords;
  readonly alerts: AlertRecords;
  /** Whoever writes a line has the channels of its teams told, too (core/posts/change-news.ts). */
  readonly audit: AuditRecords;
  readonly posts: PostRecords;
  readonly homeTabs: HomeTabRecords;
  readonly digests: DigestRecords;
  readonly approvals: ProposalRecords;
  readonly roles: RoleRecords;
  readonly outbox: { add(event: DomainEvent): Promise<void> };
  readonly receipts: ReceiptRecords;
  readonly bulkPlans: BulkPlanRecords;
  readonly directory: DirectoryRecords;
  readonly plans: PlanRecords;
  readonly tags: TagRecords;
  readonly taskRuns: TaskRunRecords;
  readonly totals: TotalRecords;
  readonly credentials: CredentialRecords;
  readonly staff: StaffRecords;
  readonly webhooks: WebhookRecords;
  readonly prices: PriceRecords;
  readonly budgetPeriods: BudgetPeriodRecords;
  /**
   * All or nothing: a thrown fault and a returned refusal both undo what was written. The work may run again from its
   * beginning, where it was undone for the sake of another change; so what it does elsewhere must bear being done twice.
   */
  change<Answer>(work: (records: Records) => Promise<Answer | Refusal>): Promise<Answer | Refusal>;
}

export interface OrganizationRecords {
  find(id: string): Promise<Organization | undefined>;
  /** As `find`, and nobody else changes it until this change is over. */
  locked(id: string): Promise<Organization | undefined>;
  /** Ids of those whose status lifted by itself, at most `limit`. */
  lifted(at: Date, limit: number): Promise<string[]>;
  /** All of them, or those whose news are told in this channel. */
  list(filter?: { readonly channelId?: string }): Promise<Organization[]>;
  /** False if the id is taken. */
  insert(organization: NewOrganization): Promise<boolean>;
  /** Raises the version by one. */
  update(id: string, change: Partial<NewOrganization>): Promise<void>;
  /**
   * Raises the version of every team, key, user, member and end user whose budgets have periods, and notes for each that
   * it changed. Answers all of them.
   */
  touchBudgets(id: string): Promise<Subject[]>;
}
export type NewOrganization = Omit<Organization, 'version' | 'createdAt' | 'updatedAt'>;

export interface UserRecords {
  find(organizationId: string, id: string): Promise<User | undefined>;
  /** In the order of their ids. */
  list(organizationId: string): Promise<User[]>;
  /** Those whose id, name or e-mail address contains this in any case, at most `limit`. */
  containing(organizationId: string, text: string, limit: number): Promise<User[]>;
  /** False if there is such a user. */
  insert(user: NewUser): Promise<boolean>;
  /** Raises the version by one. */
  update(
    organizationId: string,
    id: string,
    change: Partial<Pick<User, 'name' | 'email' | 'role' | 'ceilings' | 'metadata'>>,
  ): Promise<void>;
}

/** Whose role nobody says is a plain member. */
export type NewUser = Omit<User, 'version' | 'createdAt' | 'updatedAt' | 'role'> &
  Partial<Pick<User, 'role'>>;

export interface MemberRecords {
  /** Also one that was removed: its role says so. */
  find(teamId: string, userId: string): Promise<Member | undefined>;
  /** As `find`, and nobody else changes it until this change is over. */
  locked(teamId: string, userId: string): Promise<Member | undefined>;
  /** In the order of their user ids, without those that were removed. */
  ofTeam(teamId: string): Promise<Member[]>;
  /** False if the user is a member. */
  insert(member: Omit<Member, 'version' | 'createdAt'>): Promise<boolean>;
  /** Raises the version by one. */
  update(
    teamId: string,
    userId: string,
    change: Partial<Pick<Member, 'role' | 'ceilings'>>,
  ): Promise<void>;
}

export interface AccessGroupRecords {
  list(): Promise<AccessGroup[]>;
  /** Those of these names that groups have. */
  existing(names: readonly string[]): Promise<string[]>;
  /** Every model that is served, by the name that clients ask for, in the order of these names. */
  aliases(): Promise<string[]>;
  /** In which dialects each of these is served; what is not served is left out. */
  dialectsOf(aliases: readonly string[]): Promise<ReadonlyMap<string, readonly Dialect[]>>;
  /**
   * Makes the file's groups and aliases equal to these; true if that changed anything. An alias of which no dialect is
   * given is served in OpenAI's.
   */
  replace(
    groups: readonly AccessGroup[],
    aliases: readonly string[],
    dialects?: ReadonlyMap<string, readonly Dialect[]>,
  ): Promise<boolean>;
}

export interface LedgerRecords {
  /** Opens the account of a new team, with what it is funded with from the beginning. */
  open(teamId: string, funding?: FundingPosting): Promise<void>;
  account(teamId: string): Promise<CreditAccount | undefined>;
  /** By the ids of their teams; every team has one. */
  accounts(teamIds: readonly string[]): Promise<ReadonlyMap<string, CreditAccount>>;
  /** As `account`, and nobody else posts to it until this change is over. */
  lockedAccount(teamId: string): Promise<CreditAccount | undefined>;
  /**
   * Posts inside of a change, or finds what was posted under this reference before: then `repeated` is true.
   * What comes becomes a grant, what goes is taken from grants.
   */
  post(posting: FundingPosting): Promise<Posted>;
  /** As `post`, between two teams; answers the giver's line. */
  transfer(posting: TransferPosting): Promise<Posted>;
  /** As `post`, back to the grants that a call had used. */
  refund(posting: RefundPosting): Promise<Posted>;
  /** What was posted under a reference. */
  find(teamId: string, reference: string): Promise<CreditEntry | undefined>;
  /** The other team of a posting; undefined where the other side is the house. */
  counterpart(postingId: string, teamId: string): Promise<string | undefined>;
  /** What entries of a kind sum to since a moment, in microcredits. */
  sumSince(teamId: string, kind: EntryKind, since: Date): Promise<bigint>;
  /** The latest entries first. */
  history(teamId: string, limit: number): Promise<CreditEntry[]>;
  list(filter: EntryFilter): Promise<CreditEntry[]>;
  /** How many there are on all pages of such a list. */
  count(filter: Omit<EntryFilter, 'after' | 'limit' | 'descending'>): Promise<number>;
}

export interface UsageRecords {
  /** Any range out of roll-ups; in the order of period and names, empty for what is unknown. */
  range(query: UsageQuery): Promise<UsageRangeRow[]>;
  /** Single calls that are kept, the latest first. */
  calls(search: CallSearch): Promise<Found<UsedCall>>;
  /** The oldest first, behind the one that is named. */
  callsAfter(page: CallPage): Promise<UsedCall[]>;
  ofEndUsers(query: EndUserUsageQuery): Promise<EndUserUsageRow[]>;
  /**
   * By job type and model; dates in the organization's time zone, from inclusive to exclusive. What was brought from
   * another system is among it, without a charge.
   */
  between(teamId: string, from: Date, to: Date): Promise<UsageRow[]>;
  /** Calls from before this may have been removed; undefined where none was yet. */
  prunedBefore(): Promise<Date | undefined>;
  /**
   * What calls of a subject cost in nano-USD, of one model or of all: from a day of its organization on (`2026-10-31`), or
   * since its beginning. As far as it is drained.
   */
  costSince(
    subject: Subject,
    of: { readonly model: string | null; readonly day: string | null },
  ): Promise<bigint>;
  /** What was charged to a team since a moment. */
  chargedSince(teamId: string, since: Date): Promise<SeenUse>;
}

/** Figures over many teams, of one moment. */
/** The teams that need credits most, and what there is of all of them. */
export interface Neediest {
  /**
   * By the part of their allotment that is left, the least first; those without a bound, and behind them those
   * that can't call anyway, last.
   */
  readonly teams: readonly Team[];
  /** How many there are. */
  readonly count: number;
  /** Microcredits of all of them, by the ledger. */
  readonly balance: bigint;
}

export interface TotalRecords {
  /** Of all organizations, or of these. */
  neediest(filter: {
    readonly organizationIds?: readonly string[];
    readonly limit: number;
  }): Promise<Neediest>;
  /** How many teams an organization has, whatever their states. */
  teamsOf(organizationId: string): Promise<number>;
  all(): Promise<{
    readonly organizations: number;
    readonly teams: number;
    readonly keys: number;
    readonly accessGroups: number;
    readonly funded: bigint;
    readonly balance: bigint;
    readonly used: bigint;
  }>;
  /** For whoever watches the installation: of the `limit` teams that used most. */
  figures(limit: number, at: Date): Promise<Figures>;
  /** The credit accounts of the teams that are not archived. */
  accounts(within: Within): Promise<CreditAccount[]>;
}

export interface RevealLinkRecords {
  insert(link: RevealLink): Promise<void>;
  find(id: string): Promise<RevealLink | undefined>;
  /** Takes the sealed key, for one caller only; undefined for everybody after. */
  take(id: string, at: Date): Promise<Uint8Array | undefined>;
  /** Forgets sealed keys of links that expired; answers how many. */
  forgetExpired(at: Date): Promise<number>;
}

export interface EarlierRequest {
  readonly fingerprint: string;
  /** Undefined while it is in flight. */
  readonly sealed: string | undefined;
}

export interface ReceiptRecords {
  /**
   * True for the first caller with this key. The second waits for the first one's transaction and
   * gets false; if the first was undone, it becomes the first.
   */
  claim(key: string): Promise<boolean>;
  /** Whether somebody has claimed it, and that was committed. */
  isClaimed(key: string): Promise<boolean>;
  /**
   * Notes that a request is being answered. Tells of an earlier one with this key, unless that is in flight or
   * was answered for longer than given.
   */
  begin(
    key: string,
    fingerprint: string,
    moments: { readonly at: Date; readonly inFlightSince: Date; readonly answeredSince: Date },
  ): Promise<'begun' | EarlierRequest>;
  /** Keeps the answer, sealed. */
  keep(key: string, sealed: string): Promise<void>;
  /** As if the request had never been. */
  drop(key: string): Promise<void>;
}

import type { CeilingPlan } from './plan.ts';

export interface PlanRecords {
  find(id: string): Promise<CeilingPlan | undefined>;
  /** As `find`, and nobody else changes or follows it until this change is over. */
  locked(id: string): Promise<CeilingPlan | undefined>;
  /** In the order of their making. */
  list(): Promise<CeilingPlan[]>;
  /** False if the id is taken. */
  insert(plan: Omit<CeilingPlan, 'createdAt' | 'updatedAt'>): Promise<boolean>;
  update(
    id: string,
    change: Partial<Pick<CeilingPlan, 'ceilings' | 'metadata'>> & Pick<CeilingPlan, 'updatedBy'>,
  ): Promise<void>;
  /** Nobody follows it after. */
  remove(id: string): Promise<void>;
  /** Has a subject (as subjectText names it) follow this plan and no other; null for none. */
  follow(subject: string, planId: string | null): Promise<void>;
  /** At most `limit` subjects. */
  followers(planId: string, limit: number): Promise<string[]>;
  /** The plans of these subjects, by subject. */
  followed(subjects: readonly string[]): Promise<ReadonlyMap<string, CeilingPlan>>;
}

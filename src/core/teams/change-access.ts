import type { Team } from './team.ts';
import type { TeamChange } from './update-team.ts';

/** What is added to, and taken from, what a team may use. */
export interface AccessWish {
  /** Access groups, models, or beginnings with `*`. */
  readonly add?: readonly string[];
  /** The same, or the team's own names. */
  readonly remove?: readonly string[];
  readonly aliases?: Readonly<Record<string, string>>;
  /** All groups that exist: what bears such a name is a group, all else a model. */
  readonly groups: readonly string[];
}

/** Groups, models and own names of a team after the wish. */
export function accessAfter(
  team: Pick<Team, 'accessGroups' | 'models' | 'modelAliases'>,
  { add = [], remove = [], aliases = {}, groups }: AccessWish,
): Required<Pick<TeamChange, 'accessGroups' | 'models' | 'modelAliases'>> {
  const isKept = (name: string): boolean => !remove.includes(name);
  const isGroup = (name: string): boolean => groups.includes(name);
  const names = { ...team.modelAliases, ...aliases };
  const models = [...team.models.filter(isKept), ...add.filter((name) => !isGroup(name))];
  return {
    accessGroups: [...new Set([...team.accessGroups.filter(isKept), ...add.filter(isGroup)])],
    models: [...new Set(models)],
    modelAliases: Object.fromEntries(Object.entries(names).filter(([name]) => isKept(name))),
  };
}

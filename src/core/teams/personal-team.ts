// Teams that hold the keys of one person, or of nobody, outside of every team. They are unlimited and may use every
// model, so that their keys come from whoever runs this system alone.

/** How their ids begin. */
export const PERSONAL_TEAM = 'litellm-person-';

export function isPersonalTeam(teamId: string): boolean {
  return teamId.startsWith(PERSONAL_TEAM);
}

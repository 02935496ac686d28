import type { InputBlock } from '@slack/types';
import type { AccessGroup } from '../../core/models/access-group.ts';
import { lineInput, manyLookedUp } from './inputs.ts';
import type { InputLook } from './inputs.ts';

const NONE = 'No access groups are configured yet: see "access_groups" in quartermaster.yaml.';

/** Access groups to choose from, looked up while a person types; of the given names those that exist are chosen. */
export function groupsField(
  look: InputLook,
  groups: readonly AccessGroup[],
  given: string | undefined,
): InputBlock {
  if (groups.length === 0) {
    return lineInput({ ...look, hint: NONE, initial: given });
  }
  const wanted = (given ?? '').split(',').map((name) => name.trim());
  const known = groups.map(({ name }) => name).filter((name) => wanted.includes(name));
  return manyLookedUp(look, known.join(','));
}

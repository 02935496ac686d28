import type { Subcommand } from '../definition.ts';
import { alerts } from './alerts.ts';
import { digest } from './digest.ts';
import { create } from './create.ts';
import { members } from './members.ts';
import { budget } from './budget.ts';
import { limits } from './limits.ts';
import { link } from './link.ts';
import { list } from './list.ts';
import { models } from './models.ts';
import { onboard } from './onboard.ts';
import { set } from './set.ts';
import { show } from './show.ts';
import { archive, pause, resume, suspend } from './statuses.ts';
import { usage } from './usage.ts';

/** Everything that `/org` can do, in the order of its help. */
export const ORGANIZATION_SUBCOMMANDS: readonly Subcommand[] = [
  onboard,
  create,
  show,
  list,
  usage,
  digest,
  link,
  members,
  models,
  suspend,
  resume,
  pause,
  archive,
  limits,
  budget,
  set,
  alerts,
];

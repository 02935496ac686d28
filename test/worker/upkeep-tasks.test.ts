import { UPKEEP_SCENES } from './scenes/upkeep-scenes.ts';
import { tryTasks } from './try-tasks.ts';

tryTasks(UPKEEP_SCENES);

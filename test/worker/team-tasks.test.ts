import { TEAM_SCENES } from './scenes/team-scenes.ts';
import { tryTasks } from './try-tasks.ts';

tryTasks(TEAM_SCENES);

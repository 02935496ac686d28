import { CREDIT_SCENES } from './scenes/credit-scenes.ts';
import { tryTasks } from './try-tasks.ts';

tryTasks(CREDIT_SCENES);

import { loadConfig } from '../../config.ts';
import { childEnvironment } from '../environment.ts';
import type { Environment } from '../environment.ts';
import type { Home, Secrets } from '../home.ts';
import { addressesOf, findConfigFile, productEnvironment } from './settings.ts';

/**
 * Reads the configuration as the product's programs will, so that mistakes are told before any server
 * is started. Where the servers' addresses and the workspace's Slack tokens are not known yet, others
 * stand in: what refers to them is set either way.
 * @throws ConfigError with every mistake in file and environment
 */
export function checkConfiguration(
  environment: Environment,
  workFolder: string,
  home: Home,
  secrets: Secrets,
): void {
  const env = productEnvironment(
    environment,
    home.folder,
    findConfigFile(environment, workFolder),
    addressesOf(environment, {
      databaseUrl: environment.databaseUrl ?? 'postgres://127.0.0.1',
      redisUrl: environment.redisUrl ?? 'redis://127.0.0.1',
    }),
    secrets,
    environment.slackBotToken === null
      ? { botToken: 'xoxb-not-yet', appToken: 'xapp-not-yet' }
      : { botToken: environment.slackBotToken, appToken: environment.slackAppToken },
  );
  loadConfig(childEnvironment(env), { role: ['api', 'proxy', 'bot', 'worker'] });
}

import { z } from 'zod';
import { SOCKETS_MAX } from '../limits.ts';
import { done, flag, method, refused, text } from './method.ts';

/** What an app asks about itself and its workspace, and the way to its socket. */

const authTest = method(z.strictObject({}), (office) => {
  const { bot, team } = office.settings;
  return done({
    url: `${office.url}/`,
    team: team.name,
    team_id: team.id,
    user: office.people.get(bot.userId)?.handle ?? '',
    user_id: bot.userId,
    bot_id: bot.botId,
    app_id: bot.appId,
    is_enterprise_install: false,
  });
});

const openConnection = method(
  z.strictObject({}),
  (office) => {
    if (office.delivery.connections() >= SOCKETS_MAX) {
      return refused('too_many_websockets');
    }
    const address = new URL('/link/', office.url);
    address.protocol = 'ws:';
    address.searchParams.set('ticket', office.passes.issueSocketTicket());
    address.searchParams.set('app_id', office.settings.bot.appId);
    return done({ url: address.href });
  },
  'app',
);

const botInfo = method(z.strictObject({ bot: text.optional() }), (office, given) => {
  const { bot } = office.settings;
  if (given.bot !== undefined && given.bot !== bot.botId) {
    return refused('bot_not_found');
  }
  return done({
    bot: {
      id: bot.botId,
      deleted: false,
      name: office.people.get(bot.userId)?.name ?? '',
      updated: 0,
      app_id: bot.appId,
      user_id: bot.userId,
      icons: {},
    },
  });
});

const teamInfo = method(
  z.strictObject({ team: text.optional(), domain: text.optional(), exclude_icon: flag.optional() }),
  (office, given) => {
    const { team } = office.settings;
    if (given.team !== undefined && given.team !== team.id) {
      return refused('team_not_found');
    }
    return done({
      team: { ...team, email_domain: 'northwind.example', icon: { image_default: true } },
    });
  },
);

export const appMethods = {
  'auth.test': authTest,
  'apps.connections.open': openConnection,
  'bots.info': botInfo,
  'team.info': teamInfo,
};

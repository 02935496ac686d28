import type { Office } from '../office.ts';
import { appMethods } from './app.ts';
import { chatMethods } from './chat.ts';
import { conversationMethods } from './conversations.ts';
import { fileMethods } from './files.ts';
import { refused, type Answer, type Method } from './method.ts';
import { peopleMethods } from './people.ts';
import { viewMethods } from './views.ts';

/** Every method of the Web API that the workspace knows. */
const METHODS: ReadonlyMap<string, Method> = new Map(
  Object.entries({
    ...appMethods,
    ...chatMethods,
    ...conversationMethods,
    ...peopleMethods,
    ...viewMethods,
    ...fileMethods,
  }),
);

/** Arguments that every method takes: Bolt adds the workspace's id to each call. */
function withoutCommon(given: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(given).filter(([name]) => name !== 'team_id'));
}

/** Answers one call as Slack does; `credential` is the bearer's or the body's token. */
export function callMethod(
  office: Office,
  name: string,
  credential: string | undefined,
  given: Record<string, unknown>,
): Answer {
  const called = METHODS.get(name);
  if (!called) {
    return { ...refused('unknown_method'), req_method: name };
  }
  const denied = denial(office, called, credential);
  if (denied) {
    return refused(denied);
  }
  const parsed = called.parameters.safeParse(withoutCommon(given));
  if (!parsed.success) {
    const messages = parsed.error.issues.map((issue) =>
      issue.code === 'unrecognized_keys'
        ? `[ERROR] unknown argument: ${issue.keys.join(', ')}`
        : `[ERROR] ${issue.path.map(String).join('/')}: ${issue.message}`,
    );
    return refused('invalid_arguments', messages);
  }
  return called.run(office, parsed.data as never);
}

function denial(
  office: Office,
  called: Method,
  credential: string | undefined,
): string | undefined {
  const { botToken, appToken } = office.settings;
  if (!credential) {
    return 'not_authed';
  }
  if (credential !== botToken && credential !== appToken) {
    return 'invalid_auth';
  }
  const expected = called.needs === 'app' ? appToken : botToken;
  return credential === expected ? undefined : 'not_allowed_token_type';
}

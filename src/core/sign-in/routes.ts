// Which routes a JWT may call: LiteLLM's groups, or paths one by one.

/** A route of a door. */
export interface CalledRoute {
  readonly method: string;
  /** As the door has it: `/api/teams/:id`, `/v1/chat/completions`. */
  readonly path: string;
}

const JOBS = '/api/jobs';
const TELLS_USAGE = /\/(usage|spend|transactions|balance|activity|global)(\/|$)/;

/** What each of LiteLLM's groups covers of our doors; jobs are ours alone. */
const GROUPS: Readonly<Record<string, (route: CalledRoute) => boolean>> = {
  openai_routes: ({ path }) => isOfModels(path),
  job_routes: ({ path }) => path === JOBS || path.startsWith(`${JOBS}/`),
  management_routes: ({ path }) => !isOfModels(path),
  info_routes: ({ method, path }) => method === 'GET' && (!isOfModels(path) || isList(path)),
  spend_tracking_routes: ({ method, path }) => method === 'GET' && TELLS_USAGE.test(path),
  global_spend_tracking_routes: ({ method, path }) => method === 'GET' && TELLS_USAGE.test(path),
};

export const ROUTE_GROUPS = Object.keys(GROUPS);

/** Groups or paths among which a route is; a path may end in `*`. */
export function isRouteAllowed(allowed: readonly string[], route: CalledRoute): boolean {
  return allowed.some((each) => GROUPS[each]?.(route) ?? isPath(each, route.path));
}

function isPath(allowed: string, path: string): boolean {
  return allowed.endsWith('*') ? path.startsWith(allowed.slice(0, -1)) : allowed === path;
}

const MODEL_ROUTES = new Set(
  ['chat/completions', 'completions', 'embeddings', 'models', 'responses', 'messages'].map(
    (name) => `/${name}`,
  ),
);

function isOfModels(path: string): boolean {
  return path.startsWith('/v1/') || path.startsWith('/models/') || MODEL_ROUTES.has(path);
}

function isList(path: string): boolean {
  return /\/models(\/|$)/.test(path);
}

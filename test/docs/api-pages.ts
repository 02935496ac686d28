// Pages about the management API, made from its route tables.

import { z } from 'zod';
import type { Dialect, Route } from '../../src/api/dialect.ts';
import { FIELD_WORDS } from '../../src/api/openapi/field-words.ts';
import { fieldsIn, isNeeded, jsonSchemaOf, readsNothing } from '../../src/api/openapi/schema.ts';
import type { JsonSchema } from '../../src/api/openapi/schema.ts';
import { ROLES } from '../../src/core/permission/caller.ts';
import type { Role } from '../../src/core/permission/caller.ts';
import { GRANTABLE, PERMISSIONS } from '../../src/core/permission/permissions.ts';

const GENERATED = 'It is made from the route tables, and a test holds both together.';

/** The reference of one dialect: every route with its fields. */
export function referencePage(dialect: Dialect): string {
  const routes = dialect.routes.map((route) => routeSection(route));
  return `# Management API: ${dialect.title}

Every route of this dialect with what it reads. ${GENERATED}
Fields in **bold** are needed. Who may call a route goes by its action: see [permissions](permissions.md).
What is refused, and with which code, stands in [errors](errors.md).

${routes.join('\n')}`;
}

function routeSection([method, path, endpoint]: Route): string {
  const { summary, action, query, body, better = [], isOwn, versioned } = endpoint;
  const notes = [
    `${summary}. Action: \`${action}\`.`,
    ...(isOwn === true ? ['Our own: the other system has no such route.'] : []),
    ...(versioned === undefined
      ? []
      : [
          method === 'GET'
            ? 'Answers with an `ETag`.'
            : 'Takes `If-Match`, and answers with the new `ETag`.',
        ]),
    ...better,
  ];
  const tables = [
    ...tableOf('In the query', query),
    ...(readsNothing(body) ? [] : tableOf('In the body', body)),
  ];
  return [`## \`${method} ${path}\``, notes.join(' '), ...tables].join('\n\n').concat('\n');
}

function tableOf(title: string, shape: z.ZodType): string[] {
  const fields = fieldsIn(shape);
  if (fields === undefined) {
    return [`${title}: ${typeText(jsonSchemaOf(shape, 'input'))}.`];
  }
  if (fields.length === 0) {
    return [];
  }
  const rows = fields.map(([name, field]) => {
    const schema = jsonSchemaOf(field, 'input');
    const { default: standard, description } = schema;
    const holds = [
      typeof description === 'string' ? description : (FIELD_WORDS[name] ?? ''),
      standard === undefined ? '' : `default: \`${JSON.stringify(standard)}\``,
    ].filter((part) => part !== '');
    const needed = isNeeded(field) ? '**' : '';
    return `| ${needed}\`${name}\`${needed} | ${typeText(schema)} | ${holds.join('; ')} |`;
  });
  return [`${title}:\n\n| field | type | holds |\n| --- | --- | --- |\n${rows.join('\n')}`];
}

/** A schema in a few words. */
function typeText(schema: JsonSchema): string {
  const {
    type,
    enum: words,
    anyOf,
    items,
    format,
  } = schema as {
    readonly type?: string | readonly string[];
    readonly enum?: readonly unknown[];
    readonly anyOf?: readonly JsonSchema[];
    readonly items?: JsonSchema;
    readonly format?: string;
  };
  if (words !== undefined) {
    return words.map((word) => `\`${String(word)}\``).join(', ');
  }
  if (anyOf !== undefined) {
    const kinds = anyOf.filter((each) => each['type'] !== 'null').map(typeText);
    return [...new Set(kinds)].join(' or ');
  }
  if (type === 'array') {
    return `list of ${typeText(items ?? {})}`;
  }
  return format === undefined
    ? [type ?? 'anything'].flat().join(' or ')
    : `${[type ?? ''].flat().join(' or ')} (${format})`;
}

/** Who may what. */
export function permissionsPage(): string {
  const head = `| action | ${ROLES.map((role) => `\`${role}\``).join(' | ')} |`;
  const rows = Object.entries<readonly Role[]>(PERMISSIONS).map(
    ([action, roles]) =>
      `| \`${action}\` | ${ROLES.map((role) => (roles.includes(role) ? 'yes' : '')).join(' | ')} |`,
  );
  return `# Who may what

One table for every route of the management API, whatever its dialect. ${GENERATED}

- \`owner\`: the admin key, and people who were given it. \`admin\`: people who sign in, and JWTs with the admin scope.
- \`viewer\`: sees everything and changes nothing.
- \`organization_admin\`: a key of a person whose role in the organization is admin. Sees that organization alone.
- \`team_admin\`, \`member\`: a key of a person in a team, by their role in it. Sees that team alone.
- \`team_key\`: a key that belongs to nobody, or one that is confined to some endpoints. Sees its team alone.

Who may not see a row is not told whether it exists. Everybody may read and rotate a key of their own; a key of another
person is changed by organization admins and those above them alone. A key may be granted beside, within its team:
${GRANTABLE.map((action) => `\`${action}\``).join(', ')}.

${head}
| --- |${' --- |'.repeat(ROLES.length)}
${rows.join('\n')}
`;
}

/** Every route and field of the dialects: same, better, not offered. */
export function compatibilityPage(
  dialects: readonly Dialect[],
  clients: readonly ClientRoutes[],
): string {
  return `# Compatibility

What the systems have whose clients come here, and how it is here: *same*; *better*, with what is better; *own*, which
they do not have; *not offered*, with the reason. ${GENERATED}

${dialects.map(compatibilityOf).join('\n')}
## What clients call with a virtual key

| route | as in | fields |
| --- | --- | --- |
${clients.map(clientRows).join('\n')}
`;
}

/** Routes of the clients' door, and the system whose clients find them as they know them. */
export interface ClientRoutes {
  readonly as: string;
  /** What is read of a body without a schema. */
  readonly otherwise: string;
  readonly routes: readonly {
    readonly method: string;
    readonly path: string;
    readonly body?: z.ZodType;
  }[];
}

function clientRows({ as, otherwise, routes }: ClientRoutes): string {
  return routes
    .map(({ method, path, body }) => {
      const names = body === undefined ? [] : namesIn(body);
      const fields = names.map((name) => `\`${name}\``).join(', ');
      return `| \`${method} ${path}\` | ${as} | ${fields || (method === 'GET' ? '' : otherwise)} |`;
    })
    .join('\n');
}

/** The names of all fields, whatever they are wrapped in. */
function namesIn(shape: z.ZodType): string[] {
  if (shape instanceof z.ZodPipe) {
    const { in: read, out: given } = shape as z.ZodPipe<z.ZodType, z.ZodType>;
    const names = namesIn(read);
    return names.length > 0 ? names : namesIn(given);
  }
  if (shape instanceof z.ZodUnion) {
    const names = (shape.options as readonly z.ZodType[]).flatMap(namesIn);
    return [...new Set(names)];
  }
  return (fieldsIn(shape) ?? []).map(([name]) => name);
}

function compatibilityOf({
  title,
  routes,
  notOffered,
  fieldsNotOffered = [],
  notes = [],
}: Dialect): string {
  const rows = routes.map(([method, path, { isOwn, better = [], query, body }]) => {
    const verdict = isOwn === true ? 'own' : better.length > 0 ? 'better' : 'same';
    const names = [...namesIn(query), ...namesIn(body)];
    const listed = names.map((name) => `\`${name}\``).join(', ');
    return `| \`${method} ${path}\` | ${verdict} | ${listed} | ${better.join(' ')} |`;
  });
  const without = notOffered.map(({ what, why }) => `| \`${what}\` | ${why} |`);
  const passed = fieldsNotOffered.map(({ fields, why, at }) => {
    const names = fields.map((name) => `\`${name}\``).join(', ');
    return `| ${names} | ${at?.map((route) => `\`${route}\``).join(', ') ?? 'everywhere'} | ${why} |`;
  });
  const fieldTable =
    passed.length === 0
      ? ''
      : `
### Fields that ${title} has and this system does not

| fields | where | why |
| --- | --- | --- |
${passed.join('\n')}
`;
  const kept = routes.flatMap(([method, path, { keptOnly = [] }]) =>
    keptOnly.length === 0
      ? []
      : [`| \`${method} ${path}\` | ${keptOnly.map((name) => `\`${name}\``).join(', ')} |`],
  );
  const keptTable =
    kept.length === 0
      ? ''
      : `
### Fields of ${title} that are kept and told again, and bind nothing

They are named in the header \`x-quartermaster-warning\` of the answer to whoever gives one.

| route | fields |
| --- | --- |
${kept.join('\n')}
`;
  return `## ${title}

${notes.map((note) => `- ${note}`).join('\n')}

| route | here | fields | what is better |
| --- | --- | --- | --- |
${rows.join('\n')}

### Not offered by ${title}'s routes

| what | why |
| --- | --- |
${without.join('\n')}
${fieldTable}${keptTable}`;
}

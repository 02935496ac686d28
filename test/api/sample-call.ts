import type { Endpoint } from '../../src/api/endpoint.ts';
import { jsonSchemaOf } from '../../src/api/openapi/schema.ts';
import type { JsonSchema } from '../../src/api/openapi/schema.ts';
import type { Tenant } from './tenants.ts';

/** A request that its endpoint can read, about rows of one tenant. */
export function sampleCall(
  path: string,
  { body, query }: Endpoint,
  tenant: Tenant,
): { readonly url: string; readonly body: unknown } {
  const names = namesOf(tenant);
  const filled = path.replaceAll(/:(\w+)/g, (_whole, name: string) =>
    encodeURIComponent(name === 'id' ? idAt(path, tenant) : (names[name] ?? 'x')),
  );
  const asked = sampleOf(jsonSchemaOf(query, 'input'), names);
  const search = new URLSearchParams(asked as Record<string, string>).toString();
  return {
    url: search === '' ? filled : `${filled}?${search}`,
    body: sampleOf(jsonSchemaOf(body, 'input'), names),
  };
}

function namesOf(tenant: Tenant): Readonly<Record<string, string>> {
  const { organizationId, teamId, keyId, userId, endUserId } = tenant;
  return {
    organization_id: organizationId,
    team_id: teamId,
    from_team_id: teamId,
    to_team_id: teamId,
    key_id: keyId,
    end_user_id: endUserId,
    ...(userId === '' ? {} : { user_id: userId, user: userId }),
    team: teamId,
    key: keyId,
    organization: organizationId,
  };
}

/** What `:id` means at a path: the thing that stands before it. */
function idAt(path: string, { organizationId, teamId, keyId }: Tenant): string {
  const before = path.slice(0, path.indexOf('/:id')).split('/').at(-1);
  return before === 'organizations' || before === 'organization'
    ? organizationId
    : before === 'keys'
      ? keyId
      : teamId;
}

/** The least that a schema takes, with the tenant's ids where something is called so. */
function sampleOf(schema: JsonSchema, names: Readonly<Record<string, string>>, name = ''): unknown {
  const {
    type,
    enum: words,
    anyOf,
    properties = {},
    required = [],
    items,
  } = schema as {
    readonly type?: string | readonly string[];
    readonly enum?: readonly unknown[];
    readonly anyOf?: readonly JsonSchema[];
    readonly properties?: Readonly<Record<string, JsonSchema>>;
    readonly required?: readonly string[];
    readonly items?: JsonSchema;
  };
  if (anyOf !== undefined) {
    return sampleOf(anyOf[0] ?? {}, names, name);
  }
  const kind = Array.isArray(type) ? (type as readonly string[])[0] : type;
  switch (kind) {
    case 'object': {
      const given = Object.entries(properties).filter(
        ([each]) => required.includes(each) || names[each] !== undefined,
      );
      return Object.fromEntries(given.map(([each, inner]) => [each, sampleOf(inner, names, each)]));
    }
    case 'array':
      return items === undefined || schema['minItems'] === undefined
        ? []
        : [sampleOf(items, names)];
    case 'number':
    case 'integer':
      return 1;
    case 'boolean':
      return false;
    case 'string':
      return words?.[0] ?? names[name] ?? SAMPLES[String(schema['format'])] ?? 'x';
    default:
      return undefined;
  }
}

const SAMPLES: Readonly<Record<string, string>> = {
  'date-time': '2030-01-01T00:00:00Z',
  uuid: '6e8bc430-9c3a-4d8e-8f3b-3f3c3f3c3f3c',
  email: 'x@y.z',
};

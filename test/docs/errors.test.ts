import { expect, test } from 'vitest';
import { REFUSALS } from '../../src/core/refusals.ts';
import type { RefusalKind } from '../../src/core/refusals/kind.ts';

/** The page, from the catalogue. `npx vitest run test/docs -u` writes it anew. */
function page(): string {
  const rows = Object.entries<RefusalKind>(REFUSALS).map(
    ([code, kind]) =>
      `| \`${code}\` | ${kind.status} | \`${kind.type}\` | ${kind.message} | ${kind.cure} |`,
  );
  return `# Errors

Every expected no has a code that stays the same for ever; build on it and not on the sentence. This page is made
from the catalogue in src/core/refusals.ts, and a test holds both together. Words in braces are filled in.

The model routes (\`/v1/*\`) answer in OpenAI's shape, so that the official clients raise their own error classes:

\`\`\`json
{ "error": { "message": "…", "type": "permission_error", "param": null, "code": "credits_exhausted" } }
\`\`\`

On \`/v1/messages\` the type is Anthropic's for the status, and the code stands beside it:

\`\`\`json
{ "type": "error", "error": { "type": "permission_error", "message": "…", "code": "credits_exhausted" } }
\`\`\`

The management API (\`/api/*\`) answers \`{ "detail": "…", "code": "team_unknown", "cure": "…" }\`. Refusals with 429 and 503
carry \`Retry-After\` in seconds where waiting helps; all others, and those that take more than a minute, say
\`x-should-retry: false\`, so that clients do not ask again at once.

Each refusal of the model routes and of \`/api/jobs\` carries an id, in the header \`x-request-id\` and in the body as
\`request_id\`. Tell it to your account manager: \`/team explain request=<id>\` shows in Slack what was compared when the
call was refused, for a day.

| code | status | type | message | what to do |
| --- | --- | --- | --- | --- |
${rows.join('\n')}
`;
}

test('docs/errors.md lists every refusal as the catalogue has it', async () => {
  await expect(page()).toMatchFileSnapshot('../../docs/errors.md');
});

import type { z } from 'zod';

type Issue = z.core.$ZodIssue;

function pointer(base: string, path: readonly PropertyKey[]): string {
  return base + path.map((step) => `/${String(step)}`).join('');
}

function sentence(issue: Issue): string {
  switch (issue.code) {
    case 'too_big':
      return issue.origin === 'string'
        ? `must be less than ${Number(issue.maximum) + 1} characters`
        : issue.origin === 'array'
          ? `no more than ${issue.maximum} items allowed`
          : `must be at most ${issue.maximum}`;
    case 'too_small':
      return issue.origin === 'string'
        ? `must be more than ${Number(issue.minimum) - 1} characters`
        : issue.origin === 'array'
          ? `no fewer than ${issue.minimum} items allowed`
          : `must be at least ${issue.minimum}`;
    case 'unrecognized_keys':
      return `invalid additional property: ${issue.keys.join(', ')}`;
    case 'invalid_type':
      return issue.message.includes('received undefined')
        ? `missing required field: ${String(issue.path.at(-1) ?? '')}`
        : `must provide ${/^[aeiou]/.test(issue.expected) ? 'an' : 'a'} ${issue.expected}`;
    case 'invalid_union':
      return issue.path.at(-1) === 'type'
        ? 'unsupported type'
        : 'failed to match all allowed schemas';
    case 'invalid_value':
      return `must be one of: ${issue.values.map(String).join(', ')}`;
    default:
      return issue.message;
  }
}

/** Says in Slack's form where a block or view is wrong: one line for each place. */
export function pointerMessages(issues: readonly Issue[], base: string): string[] {
  return issues.map(
    (issue) => `[ERROR] ${sentence(issue)} [json-pointer:${pointer(base, issue.path)}]`,
  );
}

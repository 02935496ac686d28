import { z } from 'zod';
import { isRefusal, refuse } from '../../core/refusals.ts';
import type { Refusal } from '../../core/refusals.ts';
import { complaintAboutNesting } from '../nesting.ts';
import { sendDetail, sendJson } from './answer.ts';
import type { JobRequest } from './request.ts';

/** Reads a body, or answers what is wrong with it: then there is nothing left to do. */
export function readShape<Shape extends z.ZodType>(
  { bytes, res }: Pick<JobRequest, 'bytes' | 'res'>,
  shape: Shape,
): z.output<Shape> | undefined {
  const json = jsonFrom(bytes);
  if (isRefusal(json)) {
    sendDetail(res, json);
    return undefined;
  }
  const read = shape.safeParse(json.value);
  if (read.success) {
    nameUnknown(res, shape, json.value);
    return read.data;
  }
  // As FastAPI tells it, which is what clients of this API read.
  const detail = read.error.issues.map((issue) => {
    const isMissing = valueAt(json.value, issue.path) === undefined;
    return {
      type: isMissing ? 'missing' : issue.code,
      loc: ['body', ...issue.path.map((part) => (typeof part === 'number' ? part : String(part)))],
      msg: isMissing ? 'Field required' : issue.message,
    };
  });
  const cure = 'Correct the fields named in "detail" and send it again; nothing was changed.';
  sendJson(res, 422, { detail, code: 'parameter_invalid', cure });
  return undefined;
}

const WARNED_MAX = 10;
const NAME_MAX_LENGTH = 60;

/** Fields that are passed over are named in a header, as the management door does. Those of calls are the model's. */
function nameUnknown(res: JobRequest['res'], shape: z.ZodType, given: unknown): void {
  if (!(shape instanceof z.ZodObject) || shape.def.catchall !== undefined) {
    return;
  }
  const unknown = Object.keys(given as object).filter((name) => !Object.hasOwn(shape.shape, name));
  if (unknown.length > 0) {
    const names = unknown.slice(0, WARNED_MAX).map((name) => name.slice(0, NAME_MAX_LENGTH));
    const text = `ignored: ${names.join('; ')}`.replaceAll(/[^\x20-\x7e]/g, '?');
    res.setHeader('x-quartermaster-warning', text);
  }
}

function jsonFrom(bytes: Buffer): { readonly value: unknown } | Refusal {
  const nesting = complaintAboutNesting(bytes);
  if (nesting !== undefined) {
    return refuse('body_not_json', { complaint: nesting });
  }
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
    return { value: JSON.parse(text) };
  } catch (error) {
    const isJson = error instanceof SyntaxError;
    return refuse('body_not_json', {
      complaint: isJson ? 'it cannot be parsed' : 'it is not UTF-8',
    });
  }
}

function valueAt(given: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce<unknown>(
    (value, part) =>
      typeof value === 'object' && value !== null && Object.hasOwn(value, part)
        ? (value as Record<PropertyKey, unknown>)[part]
        : undefined,
    given,
  );
}

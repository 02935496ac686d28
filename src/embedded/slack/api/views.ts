import { z } from 'zod';
import { checkView, type ViewInput } from '../blocks/check.ts';
import { VIEW_STACK_MAX } from '../limits.ts';
import type { View } from '../model.ts';
import type { Office } from '../office.ts';
import {
  createView,
  findModal,
  findView,
  replaceView,
  setStack,
  stackOf,
  wireView,
} from '../views.ts';
import { NOT_JSON, done, json, method, refused, text, type Answer } from './method.ts';

type Ready = { ok: true; view: ViewInput } | { ok: false; answer: Answer };

function accepted(office: Office, given: unknown, type: View['type'], replaces?: View): Ready {
  if (given === NOT_JSON) {
    return { ok: false, answer: refused('view_parse_failed') };
  }
  const checked = checkView(given);
  if (!checked.ok) {
    return { ok: false, answer: refused('invalid_arguments', checked.messages) };
  }
  if (checked.value.type !== type) {
    const message = `[ERROR] must be a ${type} [json-pointer:/view/type]`;
    return { ok: false, answer: refused('invalid_arguments', [message]) };
  }
  const externalId = checked.value.external_id;
  const other = externalId ? byExternalId(office, externalId) : undefined;
  return other && other.id !== replaces?.id
    ? { ok: false, answer: refused('duplicate_external_id') }
    : { ok: true, view: checked.value };
}

function byExternalId(office: Office, externalId: string): View | undefined {
  return (
    findModal(office, (view) => view.externalId === externalId) ??
    [...office.homes.values()].find((view) => view.externalId === externalId)
  );
}

/** `trigger_id` and, as some libraries still name it, `interactivity_pointer`. */
const triggered = {
  trigger_id: text.optional(),
  interactivity_pointer: text.optional(),
  view: json,
};

type Triggered = { ok: true; view: ViewInput; userId: string } | { ok: false; answer: Answer };

/** A faulty view is refused before its trigger is used up. */
function triggeredModal(
  office: Office,
  given: {
    trigger_id?: string | undefined;
    interactivity_pointer?: string | undefined;
    view?: unknown;
  },
): Triggered {
  const ready = accepted(office, given.view, 'modal');
  if (!ready.ok) {
    return ready;
  }
  const exchanged = office.passes.exchangeTrigger(
    given.trigger_id ?? given.interactivity_pointer ?? '',
  );
  return exchanged.ok
    ? { ok: true, view: ready.view, userId: exchanged.trigger.userId }
    : { ok: false, answer: refused(exchanged.error) };
}

const open = method(z.strictObject(triggered), (office, given) => {
  const ready = triggeredModal(office, given);
  if (!ready.ok) {
    return ready.answer;
  }
  const view = createView(ready.userId, ready.view);
  setStack(office, view.userId, [view]);
  return done({ view: wireView(office, view) });
});

const push = method(z.strictObject(triggered), (office, given) => {
  const ready = triggeredModal(office, given);
  if (!ready.ok) {
    return ready.answer;
  }
  const { userId } = ready;
  const stack = stackOf(office, userId);
  const top = stack.at(-1);
  if (!top) {
    return refused('not_found');
  }
  if (stack.length >= VIEW_STACK_MAX) {
    return refused('push_limit_reached');
  }
  const view = createView(userId, ready.view, top);
  setStack(office, userId, [...stack, view]);
  return done({ view: wireView(office, view) });
});

const update = method(
  z.strictObject({
    view_id: text.optional(),
    external_id: text.optional(),
    hash: text.optional(),
    view: json,
  }),
  (office, given) => {
    const current = given.view_id
      ? findView(office, given.view_id)
      : byExternalId(office, given.external_id ?? '');
    if (!current) {
      return refused('not_found');
    }
    if (given.hash && given.hash !== current.hash) {
      return refused('hash_conflict');
    }
    const ready = accepted(office, given.view, current.type, current);
    return ready.ok
      ? done({ view: wireView(office, replaceView(office, current, ready.view)) })
      : ready.answer;
  },
);

const publish = method(
  z.strictObject({ user_id: text, hash: text.optional(), view: json }),
  (office, given) => {
    if (!office.people.has(given.user_id)) {
      return refused('user_not_found');
    }
    const current = office.homes.get(given.user_id);
    if (given.hash && current && given.hash !== current.hash) {
      return refused('hash_conflict');
    }
    const ready = accepted(office, given.view, 'home', current);
    if (!ready.ok) {
      return ready.answer;
    }
    const base = current ?? createView(given.user_id, ready.view);
    return done({ view: wireView(office, replaceView(office, base, ready.view)) });
  },
);

export const viewMethods = {
  'views.open': open,
  'views.push': push,
  'views.update': update,
  'views.publish': publish,
};

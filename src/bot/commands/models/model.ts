import { MODEL_STATUSES } from '../../../core/models/stored-model.ts';
import { changeModelFrom, deleteModel, makeModel, modelStanding, showModel } from '../../models.ts';
import { subcommand } from '../definition.ts';
import type { Argument } from '../definition.ts';
import { DESCRIPTION, TITLE } from './about-arguments.ts';
import { SURE } from '../sure-argument.ts';

const MODEL = {
  name: 'model',
  kind: 'model',
  positional: true,
  required: true,
  example: 'gpt-4o',
  says: 'the name that clients ask for',
} as const;

const PROVIDER = {
  name: 'provider',
  kind: 'text',
  example: 'provider=openai',
  says: 'who serves it; its credential is stored at the management door, no secret passes here',
} as const;

const UPSTREAM = {
  name: 'upstream',
  kind: 'text',
  example: 'upstream=gpt-4o-mini',
  says: 'what the provider calls it',
} as const;

const TERMS = [
  { ...TITLE, example: 'title="Fast"' },
  {
    name: 'groups',
    kind: 'groups',
    example: 'groups=gpt-models',
    says: 'the access groups that grant it, and no others',
  },
  {
    name: 'input',
    kind: 'usd',
    label: 'USD for a million input tokens',
    example: 'input=$0.15',
    says: 'the price; what the price list says if absent',
  },
  {
    name: 'output',
    kind: 'usd',
    label: 'USD for a million output tokens',
    example: 'output=$0.60',
    says: 'the same; both or neither',
  },
  {
    name: 'max-output',
    kind: 'count',
    label: 'Most output tokens of a call',
    example: 'max-output=4k',
    says: 'what the provider allows at most',
  },
  {
    name: 'credential',
    kind: 'text',
    example: 'credential=openai-eu',
    says: 'the name of a stored credential; any of the provider if absent',
  },
  {
    name: 'base',
    kind: 'text',
    label: 'Address',
    example: 'base=https://models.example.com/v1',
    says: 'where it answers, if not at the address of its provider',
  },
  { ...DESCRIPTION, example: 'description="For drafts"' },
] as const satisfies readonly Argument[];

/** What `/models` can do with one model. */
export const MODEL_SUBCOMMANDS = [
  subcommand({
    name: 'show',
    says: 'Shows who serves a model, at what price, and which access groups grant it.',
    role: 'viewer',
    title: 'A model',
    arguments: [MODEL],
    examples: ['show gpt-4o'],
    run: async (call, { values: { model = '' } }) => showModel(call, model),
  }),
  subcommand({
    name: 'new',
    says: 'Makes a model that clients may call, from the next request on.',
    role: 'manager',
    title: 'New model',
    submit: 'Make the model',
    arguments: [
      { ...MODEL, kind: 'text', example: 'fast', says: 'the name that clients will ask for' },
      { ...PROVIDER, required: true },
      { ...UPSTREAM, required: true },
      ...TERMS,
    ],
    examples: ['new fast provider=openai upstream=gpt-4o-mini groups=gpt-models'],
    run: async (call, { values }) => makeModel(call, values),
  }),
  subcommand({
    name: 'edit',
    says: 'Changes a model that was made here; calls under way end as they began.',
    role: 'manager',
    title: 'Change a model',
    standing: modelStanding,
    submit: 'Save',
    arguments: [
      { ...MODEL, example: 'fast' },
      PROVIDER,
      UPSTREAM,
      ...TERMS,
      {
        name: 'status',
        kind: 'word',
        choices: MODEL_STATUSES,
        example: 'status=inactive',
        says: 'an inactive model is not served; a deprecated one is, as before',
      },
    ],
    examples: ['edit fast status=inactive', 'edit fast input=$0.15 output=$0.60'],
    run: async (call, { values }) => changeModelFrom(call, values),
  }),
  subcommand({
    name: 'delete',
    says: 'Takes away a model that was made here, out of every group, after asking.',
    role: 'manager',
    title: 'Delete a model',
    arguments: [{ ...MODEL, example: 'fast' }, SURE],
    examples: ['delete fast'],
    run: async (call, { values: { model = '', sure } }) =>
      deleteModel(call, { model, sure: sure === true }),
  }),
];

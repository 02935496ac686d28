import { answer, form, pressed } from '../picture.ts';
import type { Section } from '../picture.ts';

export const MANY: Section = [
  'Many teams at once',
  [
    form('bulk-form', 'Which teams, and what', '/team bulk'),
    answer(
      'bulk-preview',
      'What would become of each',
      '/team bulk topup org=globex credits=250 reason="May allowance"',
      'Nothing is changed yet',
    ),
    pressed(
      'bulk-report',
      'What became of each',
      [
        '/team bulk suspend org=globex reason="Unpaid invoice"',
        'Suspend 2 teams?',
        'Suspend 2 teams',
      ],
      'Suspend 2 teams: ',
    ),
    {
      name: 'bulk-undone',
      says: 'And set back',
      async take({ desk, message }) {
        const report = await desk.told('Suspend 2 teams: ');
        await desk.press(report, 'Undo');
        await message('bulk-undone', await desk.told('Undo “Suspend 2 teams”'));
      },
    },
  ],
];

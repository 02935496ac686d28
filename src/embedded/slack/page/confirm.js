import { h } from './dom.js';
import { plain, textObject } from './mrkdwn.js';

/** Asks before something is done. Resolves with whether it was confirmed. */
export function confirmed(confirmation) {
  const { title, text, confirm, deny, style } = confirmation;
  return new Promise((resolve) => {
    const yes = h(
      'button',
      { class: `button button-${style ?? 'primary'}`, type: 'button' },
      plain(confirm?.text ?? 'Yes'),
    );
    const no = h('button', { class: 'button', type: 'button' }, plain(deny?.text ?? 'Cancel'));
    const dialog = h(
      'dialog',
      { class: 'dialog confirm', 'aria-label': title?.text ?? 'Are you sure?' },
      h('h2', {}, plain(title?.text ?? 'Are you sure?')),
      h('div', { class: 'confirm-text' }, textObject(text)),
      h('div', { class: 'dialog-foot' }, no, yes),
    );
    yes.addEventListener('click', () => dialog.close('yes'));
    no.addEventListener('click', () => dialog.close('no'));
    dialog.addEventListener('close', () => {
      dialog.remove();
      resolve(dialog.returnValue === 'yes');
    });
    document.body.append(dialog);
    dialog.showModal();
  });
}

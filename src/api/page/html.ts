/** Text that is HTML already; everything else is escaped. */
export interface Markup {
  readonly markup: string;
}

const ESCAPES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

/** A template that escapes what is put into it, unless it is markup. */
export function html(
  texts: TemplateStringsArray,
  ...values: readonly (string | Markup | readonly Markup[])[]
): Markup {
  const parts = texts.map((text, at) => text + rendered(values[at] ?? ''));
  return { markup: parts.join('') };
}

function rendered(value: string | Markup | readonly Markup[]): string {
  if (typeof value === 'string') {
    return value.replaceAll(/[&<>"']/g, (found) => ESCAPES[found] ?? found);
  }
  return 'markup' in value ? value.markup : value.map((each) => each.markup).join('');
}

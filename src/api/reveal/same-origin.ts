import type { IncomingHttpHeaders } from 'node:http';

/**
 * Whether a form was sent by our own page. Browsers say so in Sec-Fetch-Site, where the connection is
 * secure; elsewhere in Origin, which is `null` for pages that send no referrer, as ours. Whoever forges
 * a form must know the link already, so what can't be told apart may pass: it could as well be opened.
 */
export function isFromOurPage(headers: IncomingHttpHeaders, publicUrl: string): boolean {
  const site = headers['sec-fetch-site'];
  if (site !== undefined) {
    return site === 'same-origin' || site === 'none';
  }
  const { origin, host } = headers;
  if (origin === undefined || origin === 'null') {
    return true;
  }
  return origin === new URL(publicUrl).origin || hostOf(origin) === host;
}

function hostOf(origin: string): string | undefined {
  return URL.canParse(origin) ? new URL(origin).host : undefined;
}

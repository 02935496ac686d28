import type { IncomingMessage } from 'node:http';

/**
 * Who may speak to the workspace: programs on this machine that name it by a loopback address.
 * A page of another site can make a browser send requests here, and can point its own name at
 * 127.0.0.1 (DNS rebinding); its `Host` or `Origin` then gives it away.
 */
const LOOPBACK_NAMES = new Set(['127.0.0.1', 'localhost', '[::1]']);

export function isLoopbackHost(host: string): boolean {
  return ['127.0.0.1', 'localhost', '::1'].includes(host);
}

function namesLoopback(url: string, port: number): boolean {
  if (!URL.canParse(url)) {
    return false;
  }
  const { hostname, port: named, protocol } = new URL(url);
  return protocol === 'http:' && LOOPBACK_NAMES.has(hostname) && Number(named || 80) === port;
}

/** Whether the request was addressed to a loopback name of this very port. */
export function isAddressedToUs(request: IncomingMessage, port: number): boolean {
  return namesLoopback(`http://${request.headers.host ?? ''}`, port);
}

/** Whether the request can come from the workspace's own page (or from no page at all). */
export function isOwnOrigin(request: IncomingMessage, port: number): boolean {
  const { origin } = request.headers;
  const site = request.headers['sec-fetch-site'];
  return (
    (origin === undefined || namesLoopback(origin, port)) &&
    (site === undefined || site === 'same-origin' || site === 'none')
  );
}

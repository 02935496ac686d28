// Where webhooks may go. Whoever may name a URL must not reach with it what only we can reach: our own
// machine, our network, the cloud's metadata service (SSRF). The name of a host says nothing for good, so the
// address is checked again at each connection.

import { isIP } from 'node:net';
import { addressDigits, addressRange } from '../keys/address.ts';
import type { AddressRange } from '../keys/address.ts';
import type { WebhookPolicy } from './webhook.ts';

const URL_MAX_LENGTH = 2_000;

/** IANA's special-purpose addresses (RFC 6890 and its registries), and what may carry an IPv4 one inside. */
const PRIVATE_RANGES: readonly AddressRange[] = [
  '0.0.0.0/8',
  '10.0.0.0/8',
  '100.64.0.0/10',
  '127.0.0.0/8',
  '169.254.0.0/16',
  '172.16.0.0/12',
  '192.0.0.0/24',
  '192.0.2.0/24',
  '192.88.99.0/24',
  '192.168.0.0/16',
  '198.18.0.0/15',
  '198.51.100.0/24',
  '203.0.113.0/24',
  '224.0.0.0/4',
  '240.0.0.0/4',
  '::/96',
  '64:ff9b::/96',
  '64:ff9b:1::/48',
  '100::/64',
  '2001::/23',
  '2001:db8::/32',
  '2002::/16',
  'fc00::/7',
  'fe80::/10',
  'fec0::/10',
  'ff00::/8',
].flatMap((text) => addressRange(text) ?? []);

/** What is wrong with an address as the end of a connection, or undefined if it may be reached. */
export function complaintAboutReach(address: string, policy: WebhookPolicy): string | undefined {
  const digits = addressDigits(address);
  if (digits === undefined) {
    return `"${address}" is no address`;
  }
  const isIn = ({ first, last }: AddressRange): boolean => first <= digits && digits <= last;
  const allowed = policy.allowedAddresses.flatMap((text) => addressRange(text) ?? []);
  return !PRIVATE_RANGES.some(isIn) || allowed.some(isIn)
    ? undefined
    : `${address} is a private address, and webhooks.allowed_addresses does not list it`;
}

/** What is wrong with a URL for webhooks, as far as it can be told without asking the network. */
export function complaintAboutUrl(text: string, policy: WebhookPolicy): string | undefined {
  if (text.length > URL_MAX_LENGTH || !URL.canParse(text)) {
    return 'it is no URL, write it as in https://example.com/hooks';
  }
  const url = new URL(text);
  if (url.protocol !== 'https:' && !(url.protocol === 'http:' && policy.allowHttp)) {
    return url.protocol === 'http:'
      ? 'it must begin with https://, because webhooks.allow_http is not switched on in the configuration file'
      : 'it must begin with https://';
  }
  if (url.username !== '' || url.password !== '') {
    return 'it must not hold a user or password: each message is signed instead';
  }
  const host = hostOf(url);
  if (isIP(host) !== 0) {
    return complaintAboutReach(host, policy);
  }
  const isLocal = host === 'localhost' || host.endsWith('.localhost');
  return isLocal ? complaintAboutReach('127.0.0.1', policy) : undefined;
}

/** The host without the brackets of an IPv6 address. */
export function hostOf({ hostname }: URL): string {
  return hostname.replace(/^\[|\]$/g, '');
}

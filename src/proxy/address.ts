import type { IncomingMessage } from 'node:http';
import type { Socket } from 'node:net';
import { addressDigits, addressRange } from '../core/keys/address.ts';
import type { AddressRange } from '../core/keys/address.ts';

/** Says where a request comes from, in 32 hex digits. */
export type AddressOf = (req: IncomingMessage) => string;

/** Sorts before every address, and lies in no range. */
const NO_ADDRESS = '0'.repeat(32);

/**
 * Takes the address at the other end of the connection, worked out once for each. Only where that is one of
 * `trustedProxies` (addresses or CIDR ranges) X-Forwarded-For is believed, from its right end on: the first
 * address that is no such proxy is the client's, whatever a client wrote before it.
 */
export function createAddressOf(trustedProxies: readonly string[]): AddressOf {
  const trusted = trustedProxies.flatMap((text) => addressRange(text) ?? []);
  const known = new WeakMap<Socket, string>();
  return ({ socket, headers }) => {
    let address = known.get(socket);
    if (address === undefined) {
      address = addressDigits(socket.remoteAddress ?? '') ?? NO_ADDRESS;
      known.set(socket, address);
    }
    const forwarded = headers['x-forwarded-for'];
    return typeof forwarded === 'string' && isIn(trusted, address)
      ? clientOf(forwarded, address, trusted)
      : address;
  };
}

function clientOf(forwarded: string, proxy: string, trusted: readonly AddressRange[]): string {
  let address = proxy;
  let end = forwarded.length;
  while (end > 0 && isIn(trusted, address)) {
    const comma = forwarded.lastIndexOf(',', end - 1);
    // What can't be read may be anybody: it lies in no range.
    address = addressDigits(withoutPort(forwarded.slice(comma + 1, end).trim())) ?? NO_ADDRESS;
    end = comma;
  }
  return address;
}

/** Some proxies write the port, too: `192.0.2.1:4711`, `[2001:db8::1]:4711`. */
function withoutPort(text: string): string {
  const [, bracketed, ipv4] =
    /^(?:\[([^\]]+)\](?::\d+)?|(\d+\.\d+\.\d+\.\d+):\d+)$/.exec(text) ?? [];
  return bracketed ?? ipv4 ?? text;
}

function isIn(ranges: readonly AddressRange[], address: string): boolean {
  return ranges.some(({ first, last }) => address >= first && address <= last);
}

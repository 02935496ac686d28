import type { IncomingMessage } from 'node:http';
import type { Socket } from 'node:net';
import { addressDigits } from '../core/keys/address.ts';

/** Sorts before every address, and lies in no range. */
const NO_ADDRESS = '0'.repeat(32);

const known = new WeakMap<Socket, string>();

/** Where a request comes from, in 32 hex digits; worked out once for each connection. */
export function addressOf({ socket }: IncomingMessage): string {
  let address = known.get(socket);
  if (address === undefined) {
    address = addressDigits(socket.remoteAddress ?? '') ?? NO_ADDRESS;
    known.set(socket, address);
  }
  return address;
}

import { isIP } from 'node:net';

/** Addresses from a first to a last one, each in 32 hex digits, so that they compare as texts. */
export interface AddressRange {
  readonly first: string;
  readonly last: string;
}

const ADDRESS_BITS = 128;
const IPV4_PREFIX = 0xffffn << 32n;
const IPV4_BITS = 32;

/**
 * An address in 32 hex digits; IPv4 as IPv6 maps it (RFC 4291, 2.5.5.2), so that both forms of one
 * address are equal. Undefined for what is no address.
 */
export function addressDigits(text: string): string | undefined {
  const value = valueOf(text);
  return value === undefined ? undefined : digits(value);
}

/** The range of an address or of a CIDR block such as `10.0.0.0/8`; undefined for anything else. */
export function addressRange(text: string): AddressRange | undefined {
  const [, address = '', , size] = /^([^/]+)(\/(\d{1,3}))?$/.exec(text.trim()) ?? [];
  const value = valueOf(address);
  if (value === undefined) {
    return undefined;
  }
  const width = isIP(address) === 4 ? IPV4_BITS : ADDRESS_BITS;
  const fixed = size === undefined ? width : Number(size);
  if (fixed > width) {
    return undefined;
  }
  const free = BigInt(width - fixed);
  const first = (value >> free) << free;
  return { first: digits(first), last: digits(first + (1n << free) - 1n) };
}

/** What is wrong with the places a key may be used from, or undefined if nothing is. */
export function complaintAboutAddresses(addresses: readonly string[]): string | undefined {
  if (addresses.length > ADDRESSES_PER_KEY_MAX) {
    return `it has ${addresses.length} ranges, at most ${ADDRESSES_PER_KEY_MAX} are allowed`;
  }
  const wrong = addresses.find((text) => addressRange(text) === undefined);
  return wrong === undefined
    ? undefined
    : `"${wrong}" is no address and no range such as 10.0.0.0/8 or 2001:db8::/32`;
}

/** Each is looked at on each call of the key. */
const ADDRESSES_PER_KEY_MAX = 50;

function digits(value: bigint): string {
  return value.toString(16).padStart(ADDRESS_BITS / 4, '0');
}

function valueOf(text: string): bigint | undefined {
  // A link's own name may follow the address: fe80::1%eth0.
  const [address = ''] = text.split('%');
  switch (isIP(address)) {
    case 4:
      return IPV4_PREFIX + ipv4Value(address);
    case 6:
      return ipv6Value(address);
    default:
      return undefined;
  }
}

function ipv4Value(address: string): bigint {
  return address.split('.').reduce((sum, part) => (sum << 8n) + BigInt(part), 0n);
}

function ipv6Value(address: string): bigint {
  const [, before = address, ipv4] = /^(.*:)(\d+\.\d+\.\d+\.\d+)$/.exec(address) ?? [];
  const tail = ipv4 === undefined ? '' : hexPair(ipv4Value(ipv4));
  const [head = '', rest] = `${before}${tail}`.split('::');
  const left = groupsOf(head);
  const right = groupsOf(rest ?? '');
  const gap = Array<string>(rest === undefined ? 0 : 8 - left.length - right.length).fill('0');
  return [...left, ...gap, ...right].reduce(
    (sum, group) => (sum << 16n) + BigInt(`0x${group}`),
    0n,
  );
}

function hexPair(value: bigint): string {
  return `${(value >> 16n).toString(16)}:${(value & 0xffffn).toString(16)}`;
}

function groupsOf(text: string): string[] {
  return text.split(':').filter((group) => group !== '');
}

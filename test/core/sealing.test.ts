import { describe, expect, it } from 'vitest';
import { createSealer } from '../../src/core/sealing.ts';

const SECRET = 'whsec_0123456789';
const sealer = createSealer(['master key of the installation']);

describe('a sealed secret', () => {
  it('opens where it was sealed, and shows nothing of itself', () => {
    const sealed = sealer.seal(SECRET, 'webhook:1');
    expect(sealer.open(sealed, 'webhook:1')).toBe(SECRET);
    expect(Buffer.from(sealed).includes(SECRET)).toBe(false);
  });

  it('never looks the same twice', () => {
    expect(sealer.seal(SECRET, 'webhook:1')).not.toEqual(sealer.seal(SECRET, 'webhook:1'));
  });

  it('does not open in another place', () => {
    const sealed = sealer.seal(SECRET, 'webhook:1');
    expect(() => sealer.open(sealed, 'webhook:2')).toThrow(/was changed, set it anew/);
  });

  it('does not open with any bit changed', () => {
    const sealed = sealer.seal(SECRET, 'webhook:1');
    for (let at = 0; at < sealed.length; at += 1) {
      const changed = sealed.with(at, (sealed[at] ?? 0) ^ 1);
      expect(() => sealer.open(changed, 'webhook:1')).toThrow(/^Opening a sealed secret/);
    }
  });

  it('outlives a change of the master key as long as the old one is still named', () => {
    const sealed = sealer.seal(SECRET, 'webhook:1');
    const after = createSealer(['a new master key', 'master key of the installation']);
    expect(after.open(sealed, 'webhook:1')).toBe(SECRET);
    expect(() => createSealer(['a new master key']).open(sealed, 'webhook:1')).toThrow(
      /another master key/,
    );
    expect(() => sealer.open(after.seal(SECRET, 'webhook:1'), 'webhook:1')).toThrow(
      /another master key/,
    );
  });
});

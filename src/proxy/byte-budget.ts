/**
 * Bodies that one process holds at once, read or being read: a call keeps its body until it is settled,
 * so slow providers and large prompts together could otherwise fill any memory.
 */
export const BODIES_MAX_BYTES = 512 * 1024 * 1024;

export interface ByteBudget {
  /** False if that many bytes are not to be had now. */
  take(bytes: number): boolean;
  give(bytes: number): void;
}

export function createByteBudget(most: number): ByteBudget {
  let taken = 0;
  return {
    take(bytes) {
      if (taken + bytes > most) {
        return false;
      }
      taken += bytes;
      return true;
    },
    give(bytes) {
      taken -= bytes;
    },
  };
}

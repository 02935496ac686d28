/**
 * A value without its mistakes, so that what is right in it can be judged further.
 *
 * States: whole → smaller, with each mistake that is taken out. Invariant: whatever is left, its place in
 * the whole is known, so that what is said of it names the right line.
 */
type Path = readonly PropertyKey[];

export interface Remains {
  /** Takes out what stands at these places of what is left; where nothing stands, what it is missing from. */
  readonly takeOut: (places: readonly Path[]) => void;
  readonly value: () => unknown;
  /** Where in the whole this place of what is left was. */
  readonly placeOf: (place: Path) => Path;
}

/** Stays where an item of a list was, so that those behind it keep their numbers. */
const HOLE = Symbol('taken out');

export function createRemains(whole: unknown): Remains {
  const holder = { root: structuredClone(whole) };
  const numbers = new Map<string, readonly number[]>();
  const compacted = (node: unknown, place: Path): unknown => {
    if (Array.isArray(node)) {
      const kept = [...node.keys()].filter((index) => node[index] !== HOLE);
      numbers.set(nameOf(place), kept);
      return kept.map((index, at) => compacted(node[index], [...place, at]));
    }
    return isBlock(node)
      ? Object.fromEntries(
          Object.entries(node).map(([key, item]) => [key, compacted(item, [...place, key])]),
        )
      : node;
  };
  const placeOf = (place: Path): Path =>
    place.map((part, depth) =>
      typeof part === 'number'
        ? (numbers.get(nameOf(place.slice(0, depth)))?.[part] ?? part)
        : part,
    );
  return {
    placeOf,
    value: () => compacted(holder.root, []),
    takeOut: (places) => {
      const gone: string[] = [];
      for (const place of places.map(placeOf)) {
        const isGone = place.some((_, depth) => gone.includes(nameOf(place.slice(0, depth + 1))));
        if (!isGone) {
          gone.push(nameOf(takeOne(holder, place)));
        }
      }
    },
  };
}

/** @returns the place that was taken out: the given one, or the nearest around it that is there. */
function takeOne(holder: { root: unknown }, place: Path): Path {
  const around: unknown[] = [holder.root];
  for (const part of place) {
    const node = around.at(-1);
    if ((!isBlock(node) && !Array.isArray(node)) || !Object.hasOwn(node, part)) {
      break;
    }
    around.push((node as Record<PropertyKey, unknown>)[part]);
  }
  const depth = around.length - 1;
  const last = place[depth - 1];
  const parent = around[depth - 1];
  if (Array.isArray(parent)) {
    parent[Number(last)] = HOLE;
  } else if (isBlock(parent) && last !== undefined) {
    delete parent[last];
  } else {
    holder.root = {};
  }
  return place.slice(0, depth);
}

function isBlock(value: unknown): value is Record<PropertyKey, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function nameOf(place: Path): string {
  return JSON.stringify(place);
}

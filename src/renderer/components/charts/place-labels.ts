// Places the labels of events at the right of their lines, or at the left where the right has no space. Labels never overlap: a label
// without space has none.

export interface Wanted {
  /** The position of the line. */
  readonly at: number;
  readonly width: number;
}

export interface Within {
  readonly from: number;
  readonly to: number;
  /** Between a line and its label. */
  readonly gap: number;
}

/** The left ends of the labels, in the order of `wanted`. Null: not shown. The latest events have precedence. */
export function placeLabels(wanted: readonly Wanted[], { from, to, gap }: Within): readonly (number | null)[] {
  const taken: { readonly from: number; readonly to: number }[] = wanted.map(({ at }) => ({ from: at, to: at }));
  const isFree = (left: number, width: number): boolean =>
    left >= from && left + width <= to && taken.every((one) => one.to < left || one.from > left + width);
  const places: (number | null)[] = wanted.map(() => null);
  for (const [i, { at, width }] of [...wanted.entries()].reverse()) {
    const left = [at + gap, at - gap - width].find((place) => isFree(place, width));
    if (left === undefined) continue;
    places[i] = left;
    taken.push({ from: left, to: left + width });
  }
  return places;
}

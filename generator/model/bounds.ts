/** The limits of a number, a bigint or a length as stated, in any number and order. */
export interface StatedBounds<N extends number | bigint> {
  readonly minimum: readonly N[];
  readonly maximum: readonly N[];
  readonly exclusiveMinimum: readonly N[];
  readonly exclusiveMaximum: readonly N[];
}

/** The tightest of the stated limits: at most one below and one above. */
export interface Bounds<N extends number | bigint> {
  readonly minimum?: N;
  readonly maximum?: N;
  readonly exclusiveMinimum?: N;
  readonly exclusiveMaximum?: N;
}

/** Keeps the tightest limit on each side, leaving out those beyond `implied`, which hold anyway. */
export function tighten<N extends number | bigint>(
  stated: StatedBounds<N>,
  implied?: { readonly minimum: N; readonly maximum: N },
): Bounds<N> {
  const minimum = largest(stated.minimum.filter((limit) => implied === undefined || limit > implied.minimum));
  const maximum = smallest(
    stated.maximum.filter((limit) => implied === undefined || limit < implied.maximum),
  );
  const above = largest(
    stated.exclusiveMinimum.filter((limit) => implied === undefined || limit >= implied.minimum),
  );
  const below = smallest(
    stated.exclusiveMaximum.filter((limit) => implied === undefined || limit <= implied.maximum),
  );
  return {
    ...lower(minimum, above),
    ...upper(maximum, below),
  };
}

/** Whether no value at all lies within. */
export function isEmptyRange<N extends number | bigint>(bounds: Bounds<N>): boolean {
  const low = bounds.minimum ?? bounds.exclusiveMinimum;
  const high = bounds.maximum ?? bounds.exclusiveMaximum;
  if (low === undefined || high === undefined) return false;
  const touching = bounds.exclusiveMinimum === undefined && bounds.exclusiveMaximum === undefined;
  return low > high || (low === high && !touching);
}

function lower<N extends number | bigint>(minimum: N | undefined, above: N | undefined): Bounds<N> {
  if (above !== undefined && (minimum === undefined || above >= minimum)) return { exclusiveMinimum: above };
  return minimum === undefined ? {} : { minimum };
}

function upper<N extends number | bigint>(maximum: N | undefined, below: N | undefined): Bounds<N> {
  if (below !== undefined && (maximum === undefined || below <= maximum)) return { exclusiveMaximum: below };
  return maximum === undefined ? {} : { maximum };
}

function largest<N extends number | bigint>(limits: readonly N[]): N | undefined {
  return limits.reduce<N | undefined>(
    (best, limit) => (best === undefined || limit > best ? limit : best),
    undefined,
  );
}

function smallest<N extends number | bigint>(limits: readonly N[]): N | undefined {
  return limits.reduce<N | undefined>(
    (best, limit) => (best === undefined || limit < best ? limit : best),
    undefined,
  );
}

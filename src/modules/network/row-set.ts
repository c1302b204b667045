/**
 * Rows as one `unnest(...)`: a column of the set per field, typed, in the order of `types`. Put `set.from` where a table could stand and
 * `set.values` behind the query's own parameters.
 * @param first number of the first parameter the set takes ($1 = 1)
 */
export function rowSet<Row extends object>(
  types: { readonly [Name in keyof Row]?: string },
  rows: readonly Row[],
  first = 1,
): { from: string; columns: string; values: unknown[][] } {
  const names = Object.keys(types) as (keyof Row & string)[];
  const columns = names.map(snake).join(', ');
  const arrays = names.map((name, index) => `$${first + index}::${String(types[name])}[]`).join(', ');
  return {
    from: `unnest(${arrays}) as r(${columns})`,
    columns,
    values: names.map((name) => rows.map((row) => row[name])),
  };
}

const snake = (name: string): string => name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);

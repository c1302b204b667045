interface OrderLike {
  id: number;
  state: string;
  dueAt: string;
}

/** Orders that still wait, the nearest limit first; then those that are met, the newest first. */
export function ordersShown<Item extends OrderLike>(orders: readonly Item[]): Item[] {
  const due = (order: Item): number => Date.parse(order.dueAt);
  const waiting = orders.filter((order) => order.state !== 'met').sort((a, b) => due(a) - due(b) || a.id - b.id);
  const met = orders.filter((order) => order.state === 'met').sort((a, b) => due(b) - due(a) || b.id - a.id);
  return [...waiting, ...met];
}

interface OrderLike {
  id: number;
  dueAt: string;
  restoredAt: string | null;
}

/** Orders that still wait, the nearest limit first; then those that have their power again, the newest first. */
export function ordersShown<Item extends OrderLike>(orders: readonly Item[]): Item[] {
  const due = (order: Item): number => Date.parse(order.dueAt);
  const waiting = orders.filter((order) => order.restoredAt === null).sort((a, b) => due(a) - due(b) || a.id - b.id);
  const done = orders.filter((order) => order.restoredAt !== null).sort((a, b) => due(b) - due(a) || b.id - a.id);
  return [...waiting, ...done];
}

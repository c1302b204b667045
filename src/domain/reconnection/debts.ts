import { dayOfDate, dayOfInstant } from './days.js';

/** An overdue bill as rules see it: its due day (`2026-06-30`) and when it was paid in full. */
export interface DebtFact {
  dueOn: string;
  clearedAt: number | null;
}

/** The debts that were not paid at an instant and whose due day had passed. */
export const owedAt = <Debt extends DebtFact>(arrears: readonly Debt[], moment: number): Debt[] =>
  arrears.filter(
    (debt) => (debt.clearedAt === null || debt.clearedAt > moment) && dayOfDate(debt.dueOn) < dayOfInstant(moment),
  );

/** The debt that has been owed for the longest; null = nothing is owed. */
export const oldestOf = <Debt extends DebtFact>(debts: readonly Debt[]): Debt | null =>
  debts.reduce<Debt | null>((oldest, debt) => (oldest === null || debt.dueOn < oldest.dueOn ? debt : oldest), null);

import { code, optionalInstant, optionalNumber, yesNo } from '../register/column.js';
import type { Column } from '../register/column.js';

/** Most yuan of one payment. */
const MOST = 9_999_999_999;

/** Yuan, to the cent. */
const amount = (): Column<number | null> => {
  const { read } = optionalNumber(0, MOST, { unit: 'yuan' });
  return {
    empty: { value: null },
    read: (cell) => (/\.\d{3,}$/.test(cell) ? { wrong: `${cell} has more than two decimals` } : read(cell)),
  };
};

/** `settled`: arrears and penalty are paid in full. */
export const PAYMENT_COLUMNS = {
  external_id: code(),
  account_no: code(),
  paid_at: optionalInstant(),
  received_at: optionalInstant(),
  cleared_at: optionalInstant(),
  amount: amount(),
  settled: yesNo(false),
  outstanding_arrears: amount(),
  outstanding_penalty: amount(),
};

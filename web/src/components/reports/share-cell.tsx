import type { ReactNode } from 'react';
import { percent } from '../../model/figures.js';

interface ShareCellProps {
  share: number | null;
  /** What the share is made of, below it. */
  children: ReactNode;
}

/** A share with its counts below it. */
export function ShareCell({ share, children }: ShareCellProps) {
  return (
    <td className="number">
      {percent(share, 1)}
      <small>{children}</small>
    </td>
  );
}

import { LockOutlined } from '@ant-design/icons';
import type { ReactNode } from 'react';
import { useTexts } from '../data/language.js';
import { useMay, useMe } from '../data/me.js';
import { CALL_ROLES } from '../model/calls.js';
import type { Call } from '../model/calls.js';

interface MayProps {
  call: Call;
  /** Where a reason would stand in every row: nothing takes the place of what is not allowed. */
  quiet?: boolean;
  children: ReactNode;
}

/** What only some may do; for others the reason stands in its place. */
export function May({ call, quiet = false, children }: MayProps) {
  const { access } = useTexts();
  const isKnown = !useMe().isPending;
  if (useMay(call)) return children;
  if (quiet || !isKnown) return null;
  const needed = CALL_ROLES[call].map((role) => access.role[role]);
  return (
    <p className="may-not faint not-printed" data-may-not={call}>
      <LockOutlined /> {access.needs(needed)}
    </p>
  );
}

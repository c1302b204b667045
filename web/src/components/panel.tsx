import { Alert, Button, Skeleton } from 'antd';
import type { ReactNode } from 'react';
import { ProblemError } from '../data/client.js';
import { useTexts } from '../data/language.js';

interface PanelProps {
  title: ReactNode;
  extra?: ReactNode;
  /** The query behind it: an error is shown above the last good content, which stays readable. */
  query: { error: Error | null; isPending: boolean; refetch: () => unknown };
  children: ReactNode;
}

/** A titled part of a screen with its loading and error states. */
export function Panel({ title, extra, query, children }: PanelProps) {
  return (
    <section className="panel">
      <div className="panel-head">
        <h2>{title}</h2>
        {extra}
      </div>
      <QueryError error={query.error} onRetry={() => query.refetch()} />
      {query.isPending && query.error === null ? <Skeleton active className="panel-loading" /> : children}
    </section>
  );
}

export function QueryError({ error, onRetry }: { error: Error | null; onRetry: () => unknown }) {
  const texts = useTexts();
  if (error === null) return null;
  return (
    <Alert
      type="error"
      showIcon
      title={texts.error.title}
      description={error instanceof ProblemError ? error.message : texts.error.unreachable}
      action={<Button onClick={() => void onRetry()}>{texts.error.again}</Button>}
    />
  );
}

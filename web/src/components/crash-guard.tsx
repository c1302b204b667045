import { Alert, Button } from 'antd';
import { Component } from 'react';
import type { ReactNode } from 'react';

interface CrashGuardProps {
  title: string;
  again: string;
  children: ReactNode;
}

/** Keeps a fault of one screen from taking the frame and the way to the other screens with it. */
export class CrashGuard extends Component<CrashGuardProps, { fault: Error | null }> {
  override state: { fault: Error | null } = { fault: null };

  static getDerivedStateFromError(fault: Error): { fault: Error } {
    return { fault };
  }

  override render(): ReactNode {
    const { title, again, children } = this.props;
    const { fault } = this.state;
    if (fault === null) return children;
    // A screen that could not be loaded (a newer console has taken its place) comes only with the whole page.
    const isNotLoaded = /dynamically imported|importing a module|module script|preload/i.test(fault.message);
    const tryAgain = (): void => (isNotLoaded ? window.location.reload() : this.setState({ fault: null }));
    const retry = <Button onClick={tryAgain}>{again}</Button>;
    return <Alert type="error" showIcon title={title} description={fault.message} action={retry} />;
  }
}

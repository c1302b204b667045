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
    const retry = <Button onClick={() => this.setState({ fault: null })}>{again}</Button>;
    return <Alert type="error" showIcon title={title} description={fault.message} action={retry} />;
  }
}

import { Config } from './config.js';
import { Fault } from './fault.js';

/** Starts the service from the environment; anything that prevents it is one plain sentence and exit code 1. */
try {
  const config = Config.read(process.env);
  const { startService } = await import('./service.js'); // a wrong setting is told before everything is loaded
  const app = await startService(config);
  for (const signal of ['SIGTERM', 'SIGINT'] as const) {
    process.once(signal, () => {
      app.close().then(
        () => process.exit(0),
        (error: unknown) => {
          process.stderr.write(`The service did not stop cleanly: ${String(error)}\n`);
          process.exit(1);
        },
      );
    });
  }
} catch (error) {
  process.stderr.write(`${explain(error)}\n`);
  process.exit(1);
}

function explain(error: unknown): string {
  if (error instanceof Fault) return error.message;
  const { code, address, port } = error as { code?: string; address?: string; port?: number };
  if (code === 'EADDRINUSE')
    return `Port ${port ?? '?'} on ${address ?? 'this machine'} is taken by another program. Set PORT to another one.`;
  if (code === 'EACCES' && port !== undefined)
    return `This user may not listen on port ${port}. Set PORT to one above 1023.`;
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}

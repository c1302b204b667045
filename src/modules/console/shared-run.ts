/**
 * Lets many callers share a costly read without anyone getting an answer older than the call: who comes while it runs waits, with all
 * the others, for the one run after it. However many screens ask, one read is under way.
 */
export class SharedRun<Answer> {
  private running: Promise<Answer> | null = null;
  private next: Promise<Answer> | null = null;

  constructor(private readonly read: () => Promise<Answer>) {}

  get(): Promise<Answer> {
    if (this.running === null) return this.start();
    this.next ??= this.running.then(this.startNext, this.startNext);
    return this.next;
  }

  private start(): Promise<Answer> {
    const run = this.read().finally(() => {
      if (this.running === run) this.running = null;
    });
    this.running = run;
    return run;
  }

  private readonly startNext = (): Promise<Answer> => {
    this.next = null;
    return this.start();
  };
}

import { SingleBar } from 'cli-progress';

const LINE_EVERY_MS = 5_000;

/** How far long work is: a bar on a terminal, else a plain line now and then. */
export class Progress {
  private readonly bar: SingleBar | null;
  private done = 0;
  private total = 0;
  private lastLineAt = Date.now();

  constructor(
    private readonly label: string,
    private readonly output: NodeJS.WriteStream = process.stderr,
  ) {
    this.bar = output.isTTY
      ? new SingleBar({
          format: `${label} {bar} {percentage}% {value}/{total}`,
          hideCursor: true,
          stream: output,
          clearOnComplete: false,
        })
      : null;
  }

  start(total: number): this {
    this.total = total;
    this.bar?.start(total, 0);
    return this;
  }

  add(count: number): void {
    this.done += count;
    this.bar?.update(Math.min(this.done, this.total));
    if (this.bar === null && Date.now() - this.lastLineAt >= LINE_EVERY_MS) {
      this.lastLineAt = Date.now();
      this.output.write(`${this.label}: ${this.done} of ${this.total}\n`);
    }
  }

  stop(): void {
    if (this.bar !== null) {
      this.bar.update(Math.min(this.done, this.total));
      this.bar.stop();
    }
  }
}

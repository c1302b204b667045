import { connectAsync } from 'mqtt';
import type { MqttClient } from 'mqtt';

/** What a terminal does with a command of one account. */
export interface Habit {
  /** Commands that never reach it. */
  loses?: number;
  /** Answers this often. */
  answers?: number;
  /** Answers only when told to. */
  holds?: boolean;
  refuses?: string;
  /** Says `ok` without naming the switch. */
  vague?: boolean;
  /** Says `ok` at once, before the switch was read back. */
  announces?: boolean;
}

interface Command {
  rid: string;
  kind: string;
  accountNo: string;
  expiresAt: number;
}

/** A terminal as docs/remote-switch.md asks for it: closes a switch once for each rid, and answers a repeated rid the same. */
export class RemoteTerminal {
  readonly heard: Command[] = [];
  /** Account -> how often its switch was closed. */
  readonly closings = new Map<string, number>();
  private readonly done = new Map<string, object>();
  private readonly lost = new Map<string, number>();
  private readonly held: (() => Promise<void>)[] = [];

  private constructor(
    private readonly client: MqttClient,
    private readonly code: string,
    private readonly habits: ReadonlyMap<string, Habit>,
    private readonly now: () => number,
  ) {}

  static async connect(
    url: string,
    code: string,
    habits: ReadonlyMap<string, Habit>,
    now: () => number,
  ): Promise<RemoteTerminal> {
    const client = await connectAsync(url, { clientId: `terminal-${code}` });
    const terminal = new RemoteTerminal(client, code, habits, now);
    client.on('message', (_topic, payload) => {
      terminal.take(JSON.parse(payload.toString('utf8')) as Command).catch((error: unknown) => console.error(error));
    });
    await client.subscribeAsync(`dt/v1/a/${code}/down/cmd`, { qos: 1 });
    await client.publishAsync(`dt/v1/a/${code}/up/meas`, JSON.stringify({ ts: now(), ua: 221, ub: 221, uc: 221 }), {
      qos: 1,
    });
    return terminal;
  }

  async answerHeld(): Promise<void> {
    for (const send of this.held.splice(0)) await send();
  }

  end(): Promise<void> {
    return this.client.endAsync();
  }

  private async take(command: Command): Promise<void> {
    if (command.kind !== 'reconnect') return;
    const { rid, accountNo } = command;
    this.heard.push(command);
    const habit = this.habits.get(accountNo) ?? {};
    const lost = this.lost.get(accountNo) ?? 0;
    this.lost.set(accountNo, lost + 1);
    if (lost < (habit.loses ?? 0) || this.now() >= command.expiresAt) return;
    const answer = this.done.get(rid) ?? this.execute(command, habit);
    this.done.set(rid, answer);
    const send = async (): Promise<void> => {
      for (let n = 0; n < (habit.answers ?? 1); n += 1) await this.reply(answer);
    };
    if (habit.announces === true) await this.reply({ rid, ok: true });
    if (habit.holds === true) this.held.push(send);
    else await send();
  }

  private reply(answer: object): Promise<unknown> {
    return this.client.publishAsync(`dt/v1/a/${this.code}/up/reply`, JSON.stringify(answer), { qos: 1 });
  }

  private execute({ rid, accountNo }: Command, habit: Habit): object {
    if (habit.refuses !== undefined) return { rid, ok: false, error: habit.refuses };
    this.closings.set(accountNo, (this.closings.get(accountNo) ?? 0) + 1);
    return { rid, ok: true, ts: this.now(), ...(habit.vague === true ? {} : { switch: 'closed' }) };
  }
}

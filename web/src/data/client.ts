/** One wrong part of what was sent: `body.text.voltage.lowV` and what it must be. */
export interface InputError {
  path: string;
  message: string;
}

/** What a rule of the service says against it, and where the rule is written. */
interface BrokenRule extends InputError {
  rule: string;
  zh: string;
  en: string;
  source: string;
}

/** What went wrong with a call, as the service explains it. */
export class ProblemError extends Error {
  constructor(
    readonly status: number,
    readonly code: string,
    detail: string,
    readonly errors: readonly InputError[] = [],
  ) {
    super(detail);
    this.name = 'ProblemError';
  }

  get rules(): BrokenRule[] {
    return this.errors.filter((error): error is BrokenRule => 'rule' in error);
  }
}

export interface Page<Item> {
  items: Item[];
  nextCursor: string | null;
}

export type Query = Readonly<Record<string, string | number | undefined>>;

/** The API with one key. Every method throws ProblemError when the service refuses, TypeError when it cannot be reached. */
export class ApiClient {
  constructor(
    readonly key: string,
    private readonly onRefusedKey: () => void,
  ) {}

  get<Body>(path: string, query: Query = {}, signal?: AbortSignal): Promise<Body> {
    return this.call('GET', withQuery(path, query), undefined, signal);
  }

  /** With names and numbers in clear, if the key may see them; each such reading is recorded. Only for what a person asked for. */
  async getInClear<Body>(path: string): Promise<Body> {
    const headers = { authorization: `Bearer ${this.key}` };
    const response = await fetch(`/api/v1${path}`, { headers, cache: 'no-store' });
    if (!response.ok) throw await this.problemOf(response);
    return (await response.json()) as Body;
  }

  /** All items of a list, page by page, up to `most`. */
  async list<Item>(path: string, query: Query, most: number, signal?: AbortSignal): Promise<Item[]> {
    const items: Item[] = [];
    let cursor: string | undefined;
    do {
      const page: Page<Item> = await this.get(path, { ...query, limit: Math.min(200, most), cursor }, signal);
      items.push(...page.items);
      cursor = page.nextCursor ?? undefined;
    } while (cursor !== undefined && items.length < most);
    return items.slice(0, most);
  }

  post<Body>(path: string, body: object): Promise<Body> {
    return this.call('POST', path, body);
  }

  patch<Body>(path: string, body: object): Promise<Body> {
    return this.call('PATCH', path, body);
  }

  delete<Body>(path: string): Promise<Body> {
    return this.call('DELETE', path);
  }

  /** A file: a workbook, a printable sheet. The name is the one that the service gives it, if it gives one. */
  async file(path: string, query: Query = {}): Promise<{ blob: Blob; name: string | null }> {
    const response = await fetch(`/api/v1${withQuery(path, query)}`, { headers: this.headers() });
    if (!response.ok) throw await this.problemOf(response);
    const name = /filename="?([^";]+)"?/.exec(response.headers.get('content-disposition') ?? '')?.[1] ?? null;
    return { blob: await response.blob(), name };
  }

  /** Opens the event stream; the caller reads the body. */
  async stream(lastEventId: string | null, signal: AbortSignal): Promise<ReadableStream<Uint8Array>> {
    const headers = { ...this.headers(), ...(lastEventId === null ? {} : { 'last-event-id': lastEventId }) };
    const response = await fetch('/api/v1/live', { headers, signal, cache: 'no-store' });
    if (!response.ok || response.body === null) throw await this.problemOf(response);
    return response.body;
  }

  private headers(): Record<string, string> {
    // A screen reads again and again, and hangs on a wall: nobody's name or number, and no entry in the log of who read them.
    return { authorization: `Bearer ${this.key}`, 'personal-data': 'masked' };
  }

  private async call<Body>(method: string, path: string, body?: object, signal?: AbortSignal): Promise<Body> {
    const response = await fetch(`/api/v1${path}`, {
      method,
      headers: { ...this.headers(), ...(body === undefined ? {} : { 'content-type': 'application/json' }) },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      ...(signal === undefined ? {} : { signal }),
    });
    if (!response.ok) throw await this.problemOf(response);
    return (await response.json()) as Body;
  }

  private async problemOf(response: Response): Promise<ProblemError> {
    if (response.status === 401) this.onRefusedKey();
    const body = (await response.json().catch(() => ({}))) as { code?: string; detail?: string; errors?: InputError[] };
    const detail = body.detail ?? `HTTP ${response.status}`;
    return new ProblemError(response.status, body.code ?? 'unknown', detail, body.errors);
  }
}

function withQuery(path: string, query: Query): string {
  const given = Object.entries(query).filter(([, value]) => value !== undefined);
  const text = new URLSearchParams(given.map(([name, value]) => [name, String(value)])).toString();
  return text === '' ? path : `${path}?${text}`;
}

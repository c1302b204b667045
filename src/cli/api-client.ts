import { Fault } from '../fault.js';

/** Where the service is and who asks. */
export interface ApiAddress {
  url: string;
  key: string;
}

export interface ApiAnswer {
  status: number;
  body: unknown;
}

/** Calls a running service over its public API. */
export class ApiClient {
  private readonly base: string;

  constructor(private readonly address: ApiAddress) {
    this.base = address.url.replace(/\/+$/, '');
  }

  /**
   * @param path begins with a slash, below `/api/v1`
   * @param body an object goes as JSON, a string as CSV
   * @throws Fault `unavailable` when nobody answers, `unauthenticated` when the key is refused
   */
  async call(method: string, path: string, body?: object | string): Promise<ApiAnswer> {
    const answer = await this.request(`/api/v1${path}`, {
      method,
      headers: {
        authorization: `Bearer ${this.address.key}`,
        ...(body === undefined ? {} : { 'content-type': typeof body === 'string' ? 'text/csv' : 'application/json' }),
      },
      body: body === undefined ? null : typeof body === 'string' ? body : JSON.stringify(body),
    });
    const text = await answer.text();
    const isJson = (answer.headers.get('content-type') ?? '').includes('json') && text !== '';
    return { status: answer.status, body: isJson ? JSON.parse(text) : text };
  }

  /** As `call`, and any answer that is not 2xx is a Fault with the service's own sentence. */
  async must(method: string, path: string, body?: object | string): Promise<unknown> {
    const answer = await this.call(method, path, body);
    if (answer.status >= 200 && answer.status < 300) return answer.body;
    throw new Fault('invalid_input', `${method} ${path} was refused (${answer.status}): ${sentenceOf(answer.body)}`);
  }

  /** Sum of a counter over its labels that pass, from `/metrics`; 0 when it does not exist yet. */
  async counter(name: string, passes: (labels: string) => boolean = () => true): Promise<number> {
    const answer = await this.request('/metrics', { headers: { authorization: `Bearer ${this.address.key}` } });
    const text = await answer.text();
    let sum = 0;
    for (const line of text.split('\n')) {
      const match = /^(\w+)(?:\{(.*)\})? (\S+)$/.exec(line);
      if (match?.[1] === name && passes(match[2] ?? '')) sum += Number(match[3]);
    }
    return sum;
  }

  private async request(path: string, init: RequestInit): Promise<Response> {
    let response: Response;
    try {
      response = await fetch(this.base + path, init);
    } catch (error) {
      const cause = (error as { cause?: { code?: string; message?: string } }).cause;
      throw new Fault(
        'unavailable',
        `Nobody answers at ${this.base} (${cause?.code ?? String(error)}). Start the service, or give its address with --url.`,
        { cause: error },
      );
    }
    if (response.status === 401) {
      throw new Fault(
        'unauthenticated',
        'The service does not know this key. Give an API key with --key or LAMPLIGHTER_KEY.',
      );
    }
    return response;
  }
}

/** The readable part of a problem document. */
export function sentenceOf(body: unknown): string {
  if (typeof body !== 'object' || body === null) return String(body).slice(0, 300);
  const { detail, title, errors } = body as {
    detail?: string;
    title?: string;
    errors?: { path: string; message: string }[];
  };
  const parts = (errors ?? []).map((error) => `${error.path} ${error.message}`);
  return [detail ?? title ?? 'no reason given', ...parts].join('; ');
}

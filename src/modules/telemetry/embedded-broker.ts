import { randomBytes, timingSafeEqual } from 'node:crypto';
import { createServer } from 'node:net';
import type { Server, Socket } from 'node:net';
import { Aedes } from 'aedes';
import type { AuthenticateError } from 'aedes';
import { Fault } from '../../fault.js';

/** MQTT 3.1.1 return code: not authorised. */
const NOT_AUTHORIZED = 5;

/**
 * An MQTT broker inside this process, for one machine and small sites. It speaks 3.1 and 3.1.1, keeps nothing on disk and knows
 * no shared subscriptions; a site that outgrows it sets MQTT_URL. The service's own client ids are kept for the service: any other
 * client that takes one would push the service off its session.
 */
export class EmbeddedBroker {
  private readonly sockets = new Set<Socket>();

  private constructor(
    private readonly broker: Aedes,
    private readonly server: Server,
    readonly url: string,
    /** Only the service knows it. */
    readonly ownPassword: string,
  ) {}

  /**
   * @param ownClientIdPrefix client ids that begin with this need the service's own password
   * @throws Fault `misconfigured` when the port is taken
   */
  static async start(host: string, port: number, ownClientIdPrefix: string): Promise<EmbeddedBroker> {
    const ownPassword = randomBytes(24).toString('base64url');
    const broker = await Aedes.createBroker({
      concurrency: 1_000,
      // Terminals that send nothing for long are normal; half-open connections are found by their keepalive.
      authenticate: (client, _username, password, done) => {
        const mine = client.id.startsWith(ownClientIdPrefix);
        const known =
          password !== undefined &&
          password.length === ownPassword.length &&
          timingSafeEqual(password, Buffer.from(ownPassword));
        if (!mine || known) {
          done(null, true);
          return;
        }
        done(
          Object.assign(new Error('this client id belongs to the service'), {
            returnCode: NOT_AUTHORIZED as never,
          }) as AuthenticateError,
          false,
        );
      },
    });
    const server = createServer((socket) => broker.handle(socket));
    try {
      await new Promise<void>((done, fail) => {
        server.once('error', fail);
        server.listen(port, host, () => done());
      });
    } catch (error) {
      broker.close();
      const { code } = error as NodeJS.ErrnoException;
      if (code === 'EADDRINUSE') {
        throw new Fault(
          'misconfigured',
          `Port ${port} for the embedded MQTT broker is taken. Set EMBEDDED_MQTT_PORT to another one, or MQTT_URL to the broker that has it.`,
          { cause: error },
        );
      }
      throw new Fault(
        'misconfigured',
        `The embedded MQTT broker cannot listen on ${host}:${port} (${code ?? String(error)}). Set HOST and EMBEDDED_MQTT_PORT.`,
        { cause: error },
      );
    }
    const address = server.address();
    const actualPort = typeof address === 'object' && address !== null ? address.port : port;
    const self = new EmbeddedBroker(
      broker,
      server,
      `mqtt://${host.includes(':') ? `[${host}]` : host}:${actualPort}`,
      ownPassword,
    );
    server.on('connection', (socket) => {
      self.sockets.add(socket);
      socket.once('close', () => self.sockets.delete(socket));
    });
    return self;
  }

  async stop(): Promise<void> {
    await new Promise<void>((done) => this.broker.close(() => done()));
    for (const socket of this.sockets) socket.destroy();
    await new Promise<void>((done) => this.server.close(() => done()));
  }
}

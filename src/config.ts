import { resolve } from 'node:path';
import { z } from 'zod';
import { Fault } from './fault.js';

const ROLES = ['ingest', 'followers', 'api', 'notify'] as const;
export type Role = (typeof ROLES)[number];

const list = (text: string): string[] =>
  text
    .split(',')
    .map((part) => part.trim())
    .filter((part) => part !== '');

const PORT_FAULT = 'must be a port: a whole number from 0 to 65535';
const port = (fallback: number) =>
  z
    .string()
    .regex(/^\d{1,5}$/, PORT_FAULT)
    .transform(Number)
    .refine((value) => value <= 65_535, PORT_FAULT)
    .default(fallback);
const optionalText = z.string().min(1).optional();
const shortText = (min: number, max: number) => {
  const fault = `must have ${min} to ${max} characters`;
  return z.string().min(min, fault).max(max, fault);
};

const choice = <const Values extends readonly string[]>(values: Values) =>
  z.enum(values, { error: (issue) => `"${String(issue.input)}" is none of ${values.join(', ')}` });
const someOf = <const Values extends readonly string[]>(values: Values) =>
  z.array(choice(values)).min(1, `must name at least one of ${values.join(', ')}`);

/** One level of a topic, or `+` for every one. */
const shard = z.string().regex(/^(\+|[^#+/\s]+)$/, 'must be shard levels without wildcards or slashes, or + for all');

const timeZone = z.string().refine(
  (zone) => {
    try {
      return new Intl.DateTimeFormat('en', { timeZone: zone }).resolvedOptions().timeZone.length > 0;
    } catch {
      return false;
    }
  },
  { error: (issue) => `"${String(issue.input)}" is not an IANA time zone; example: Asia/Shanghai` },
);

const brokerUrls = z
  .string()
  .transform(list)
  .refine((urls) => urls.length > 0 && urls.every((url) => /^(mqtts?|wss?):\/\/[^/\s]+/.test(url)), {
    error: 'must be one or more mqtt://, mqtts://, ws:// or wss:// addresses separated by commas',
  });

/** The one schema of the environment. Every name is public contract; defaults make the service run with nothing set. */
const Environment = z.object({
  HOST: z.string().min(1).default('127.0.0.1'),
  PORT: port(3000),
  DATABASE_URL: z
    .string()
    .regex(/^postgres(ql)?:\/\//, { error: 'must begin with postgres:// or postgresql://', abort: true })
    .refine((url) => URL.canParse(url) && !new URL(url).pathname.includes('@'), {
      error: 'cannot be read as an address; in the password write @ as %40, / as %2F, # as %23, ? as %3F and % as %25',
    })
    .optional(),
  DATA_DIR: z.string().min(1).default('./.data'),
  EMBEDDED_DATABASE_PORT: port(0),
  MQTT_URL: brokerUrls.optional(),
  MQTT_USERNAME: optionalText,
  MQTT_PASSWORD: optionalText,
  MQTT_CA_FILE: optionalText,
  MQTT_CERT_FILE: optionalText,
  MQTT_KEY_FILE: optionalText,
  EMBEDDED_MQTT_PORT: port(1883),
  MQTT_TOPIC_PREFIX: z
    .string()
    .regex(/^[^#+/\s][^#+\s]*$/, 'must be a topic prefix without wildcards, not starting with a slash')
    .default('dt/v1'),
  MQTT_CLIENT_ID: shortText(1, 128).default('lamplighter-0'),
  MQTT_SHARDS: z.string().default('+').transform(list).pipe(z.array(shard).min(1, 'must name at least one shard')),
  MQTT_SHARE_GROUP: z
    .string()
    .regex(/^[^#+/\s]+$/, 'must not hold wildcards or slashes')
    .optional(),
  ROLES: z.string().default(ROLES.join(',')).transform(list).pipe(someOf(ROLES)),
  UTILITY_TIME_ZONE: timeZone.default('Asia/Shanghai'),
  UTILITY_PROFILE: choice(['csg', 'sgcc']).default('csg'),
  POLICY_FILE: optionalText,
  BOOTSTRAP_API_KEY: z.string().min(16, 'must have at least 16 characters').optional(),
  SMS_PROVIDERS: z
    .string()
    .default('log')
    .transform(list)
    .pipe(someOf(['log', 'http'])),
  SMS_HTTP_URL: z.url({ protocol: /^https?$/, error: 'must be an http:// or https:// address' }).optional(),
  SMS_HTTP_TOKEN: optionalText,
  SMS_SIGNATURE: shortText(1, 20).default('供电服务'),
  SERVICE_HOTLINE: shortText(3, 20).default('95598'),
  LOG_LEVEL: choice(['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent']).default('info'),
});

/** Everything the service can be told from outside, checked once at the start and frozen. Injected by this class. */
export class Config {
  readonly host: string;
  readonly port: number;
  readonly databaseUrl: string | null;
  readonly dataDir: string;
  readonly embeddedDatabasePort: number;
  readonly mqttUrls: readonly string[] | null;
  readonly mqttUsername: string | null;
  readonly mqttPassword: string | null;
  readonly mqttCaFile: string | null;
  readonly mqttCertFile: string | null;
  readonly mqttKeyFile: string | null;
  readonly embeddedMqttPort: number;
  readonly mqttTopicPrefix: string;
  readonly mqttClientId: string;
  readonly mqttShards: readonly string[];
  readonly mqttShareGroup: string | null;
  readonly roles: ReadonlySet<Role>;
  readonly utilityTimeZone: string;
  readonly utilityProfile: 'csg' | 'sgcc';
  readonly policyFile: string | null;
  readonly bootstrapApiKey: string | null;
  readonly smsProviders: readonly ('log' | 'http')[];
  readonly smsHttpUrl: string | null;
  readonly smsHttpToken: string | null;
  readonly smsSignature: string;
  readonly serviceHotline: string;
  readonly logLevel: z.infer<typeof Environment>['LOG_LEVEL'];

  private constructor(env: z.infer<typeof Environment>) {
    this.host = env.HOST;
    this.port = env.PORT;
    this.databaseUrl = env.DATABASE_URL ?? null;
    this.dataDir = resolve(env.DATA_DIR);
    this.embeddedDatabasePort = env.EMBEDDED_DATABASE_PORT;
    this.mqttUrls = env.MQTT_URL ?? null;
    this.mqttUsername = env.MQTT_USERNAME ?? null;
    this.mqttPassword = env.MQTT_PASSWORD ?? null;
    this.mqttCaFile = env.MQTT_CA_FILE ?? null;
    this.mqttCertFile = env.MQTT_CERT_FILE ?? null;
    this.mqttKeyFile = env.MQTT_KEY_FILE ?? null;
    this.embeddedMqttPort = env.EMBEDDED_MQTT_PORT;
    this.mqttTopicPrefix = env.MQTT_TOPIC_PREFIX.replace(/\/+$/, '');
    this.mqttClientId = env.MQTT_CLIENT_ID;
    this.mqttShards = env.MQTT_SHARDS;
    this.mqttShareGroup = env.MQTT_SHARE_GROUP ?? null;
    this.roles = new Set(env.ROLES);
    this.utilityTimeZone = env.UTILITY_TIME_ZONE;
    this.utilityProfile = env.UTILITY_PROFILE;
    this.policyFile = env.POLICY_FILE ?? null;
    this.bootstrapApiKey = env.BOOTSTRAP_API_KEY ?? null;
    this.smsProviders = env.SMS_PROVIDERS;
    this.smsHttpUrl = env.SMS_HTTP_URL ?? null;
    this.smsHttpToken = env.SMS_HTTP_TOKEN ?? null;
    this.smsSignature = env.SMS_SIGNATURE;
    this.serviceHotline = env.SERVICE_HOTLINE;
    this.logLevel = env.LOG_LEVEL;
    Object.freeze(this);
  }

  /**
   * Reads the environment. Empty values count as unset.
   * @throws Fault `misconfigured` that names every wrong setting at once
   */
  static read(environment: Record<string, string | undefined>): Config {
    const given = Object.fromEntries(
      Object.entries(environment).filter(([, value]) => value !== undefined && value !== ''),
    );
    const result = Environment.safeParse(given);
    const errors = result.success
      ? []
      : result.error.issues.map((issue) => ({ path: String(issue.path[0]), message: issue.message }));
    if (result.success && result.data.SMS_PROVIDERS.includes('http') && result.data.SMS_HTTP_URL === undefined) {
      errors.push({ path: 'SMS_HTTP_URL', message: 'is needed because SMS_PROVIDERS names http' });
    }
    if (result.success && (result.data.MQTT_CERT_FILE === undefined) !== (result.data.MQTT_KEY_FILE === undefined)) {
      errors.push({ path: 'MQTT_CERT_FILE', message: 'and MQTT_KEY_FILE go together; set both or neither' });
    }
    if (!result.success || errors.length > 0) {
      const lines = errors.map((error) => `  ${error.path}: ${error.message}`).join('\n');
      throw new Fault('misconfigured', `These settings are wrong:\n${lines}`, { errors });
    }
    return new Config(result.data);
  }
}

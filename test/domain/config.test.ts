import { describe, expect, it } from '@jest/globals';
import { Config } from '../../src/config.js';

describe('settings', () => {
  it.each([
    [{ PORT: 'abc' }, 'PORT: must be a port: a whole number from 0 to 65535'],
    [{ PORT: '0x10' }, 'PORT: must be a port: a whole number from 0 to 65535'],
    [{ EMBEDDED_MQTT_PORT: '70000' }, 'EMBEDDED_MQTT_PORT: must be a port: a whole number from 0 to 65535'],
    [{ MQTT_SHARDS: 'east,#' }, 'MQTT_SHARDS: must be shard levels without wildcards or slashes, or + for all'],
    [{ MQTT_SHARDS: 'east/1' }, 'MQTT_SHARDS: must be shard levels without wildcards or slashes, or + for all'],
    [{ MQTT_SHARDS: ' , ' }, 'MQTT_SHARDS: must name at least one shard'],
    [{ ROLES: 'ingest,cooking' }, 'ROLES: "cooking" is none of ingest, followers, api, notify'],
    [{ ROLES: ',' }, 'ROLES: must name at least one of ingest, followers, api, notify'],
    [{ DATABASE_URL: 'mysql://x' }, 'DATABASE_URL: must begin with postgres:// or postgresql://'],
    [
      { DATABASE_URL: 'postgres://u:p@ss/w@db/x' },
      'DATABASE_URL: cannot be read as an address; in the password write @ as',
    ],
    [
      { DATABASE_URL: 'postgres://u:p#w@db/x' },
      'DATABASE_URL: cannot be read as an address; in the password write @ as',
    ],
    [{ UTILITY_PROFILE: 'x' }, 'UTILITY_PROFILE: "x" is none of csg, sgcc'],
    [{ SMS_PROVIDERS: 'pigeon' }, 'SMS_PROVIDERS: "pigeon" is none of log, http'],
    [{ SMS_PROVIDERS: 'http', SMS_HTTP_URL: 'ftp://x' }, 'SMS_HTTP_URL: must be an http:// or https:// address'],
    [{ SMS_SIGNATURE: 'x'.repeat(21) }, 'SMS_SIGNATURE: must have 1 to 20 characters'],
    [{ LOG_LEVEL: 'loud' }, 'LOG_LEVEL: "loud" is none of fatal, error, warn, info, debug, trace, silent'],
  ])('%j is refused in words of people', (environment, sentence) => {
    expect(() => Config.read(environment)).toThrow(`These settings are wrong:\n  ${sentence}`);
  });

  it('takes what is right', () => {
    const config = Config.read({
      PORT: '8080',
      EMBEDDED_MQTT_PORT: '',
      MQTT_SHARDS: 'east, west',
      ROLES: 'api,notify',
    });
    expect(config).toMatchObject({ port: 8080, embeddedMqttPort: 1883, mqttShards: ['east', 'west'] });
    expect([...config.roles]).toEqual(['api', 'notify']);
    expect(Config.read({}).mqttShards).toEqual(['+']);
  });
});

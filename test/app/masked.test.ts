import { describe, expect, it } from '@jest/globals';
import { ADMIN_KEY, useService } from '../support/service.js';

describe('a screen that asks for masked personal data', () => {
  const held = useService();

  it('sees no number in clear although its key may, and leaves no entry in the log of who read what', async () => {
    const { service } = held;
    await service.call('POST', '/network/assets', 'code,kind,name\nT1,transformer,一号台区');
    await service.call('POST', '/network/customers', 'account_no,name,transformer_code,mobile\nA1,张三,T1,13812345678');
    const look = async (headers: Record<string, string>): Promise<string> =>
      (
        await fetch(`${service.url}/api/v1/network/assets/T1`, {
          headers: { authorization: `Bearer ${ADMIN_KEY}`, ...headers },
        })
      ).text();
    const logged = async (): Promise<number> => (await service.db.query('select from personal_data_access')).length;

    const masked = await look({ 'personal-data': 'masked' });
    expect(masked).toContain('138****5678');
    expect(masked).not.toContain('13812345678');
    expect(masked).not.toContain('张三');
    expect(await logged()).toBe(0);

    expect(await look({})).toContain('13812345678');
    expect(await logged()).toBe(1);
  });
});

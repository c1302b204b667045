import { describe, expect, it } from '@jest/globals';
import { unitAndPerson } from '../../../src/domain/repairs/unit-and-person.js';

describe('unit and person in one field of the register', () => {
  it.each([
    ['城东供电所 赵工', '城东供电所', '赵工'],
    ['城东供电分局 抢修一班，李四', '城东供电分局 抢修一班', '李四'],
    ['城东供电所', '城东供电所', null],
    ['赵工', null, '赵工'],
    ['李所', null, '李所'], // a title
    ['客户经理孙七', null, '客户经理孙七'],
    ['East branch Zhao', 'East branch', 'Zhao'],
    ['John Smith', null, 'John Smith'],
    ['', null, null],
    [null, null, null],
  ])('%s', (text, unit, person) => {
    expect(unitAndPerson(text)).toEqual({ unit, person });
  });
});

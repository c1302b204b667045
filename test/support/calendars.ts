import { readDayParts } from '../../src/domain/working-calendar.js';
import type { CalendarYear, WorkingCalendar } from '../../src/domain/working-calendar.js';

/** Written down a second time from the notices themselves; a test compares the calendars that come with the service with these. */
export const YEARS: readonly CalendarYear[] = [
  {
    year: 2025,
    holidays: [
      { from: '2025-01-01', to: '2025-01-01', zh: '元旦', en: "New Year's Day" },
      { from: '2025-01-28', to: '2025-02-04', zh: '春节', en: 'Spring Festival' },
      { from: '2025-04-04', to: '2025-04-06', zh: '清明节', en: 'Tomb-Sweeping Day' },
      { from: '2025-05-01', to: '2025-05-05', zh: '劳动节', en: 'Labour Day' },
      { from: '2025-05-31', to: '2025-06-02', zh: '端午节', en: 'Dragon Boat Festival' },
      { from: '2025-10-01', to: '2025-10-08', zh: '国庆节、中秋节', en: 'National Day and Mid-Autumn Festival' },
    ],
    workingDays: ['2025-01-26', '2025-02-08', '2025-04-27', '2025-09-28', '2025-10-11'],
    source: '国务院办公厅关于2025年部分节假日安排的通知（国办发明电〔2024〕12号）',
  },
  {
    year: 2026,
    holidays: [
      { from: '2026-01-01', to: '2026-01-03', zh: '元旦', en: "New Year's Day" },
      { from: '2026-02-15', to: '2026-02-23', zh: '春节', en: 'Spring Festival' },
      { from: '2026-04-04', to: '2026-04-06', zh: '清明节', en: 'Tomb-Sweeping Day' },
      { from: '2026-05-01', to: '2026-05-05', zh: '劳动节', en: 'Labour Day' },
      { from: '2026-06-19', to: '2026-06-21', zh: '端午节', en: 'Dragon Boat Festival' },
      { from: '2026-09-25', to: '2026-09-27', zh: '中秋节', en: 'Mid-Autumn Festival' },
      { from: '2026-10-01', to: '2026-10-07', zh: '国庆节', en: 'National Day' },
    ],
    workingDays: ['2026-01-04', '2026-02-14', '2026-02-28', '2026-05-09', '2026-09-20', '2026-10-10'],
    source: '国务院办公厅关于2026年部分节假日安排的通知（国办发明电〔2025〕7号）',
  },
];

/** 2025 and 2026, seven hours a day. */
export const CALENDAR: WorkingCalendar = {
  years: new Map(YEARS.map((one) => [one.year, one])),
  hours: readDayParts(['08:30-12:00', '14:30-18:00']) ?? [],
};

import { Button, Select } from 'antd';
import { useTexts } from '../data/language.js';
import { NO_FILTER } from '../model/filters.js';
import type { BoardFilter } from '../model/filters.js';

interface BoardFiltersProps {
  filter: BoardFilter;
  areas: readonly string[];
  kinds: readonly string[];
  onChange: (filter: BoardFilter) => void;
}

/** Narrows both tables of the board. */
export function BoardFilters({ filter, areas, kinds, onChange }: BoardFiltersProps) {
  const texts = useTexts();
  const many = (
    label: string,
    values: readonly string[],
    options: { value: string; label: string }[],
    set: (chosen: string[]) => void,
  ) => (
    <Select
      mode="multiple"
      allowClear
      maxTagCount="responsive"
      className="filter"
      placeholder={label}
      aria-label={label}
      value={[...values]}
      options={options}
      onChange={set}
    />
  );
  return (
    <div className="filters">
      {many(
        texts.filter.area,
        filter.areas,
        areas.map((area) => ({ value: area, label: area })),
        (areas) => onChange({ ...filter, areas }),
      )}
      {many(
        texts.filter.severity,
        filter.severities,
        Object.entries(texts.severity).map(([value, label]) => ({ value, label })),
        (severities) => onChange({ ...filter, severities }),
      )}
      {many(
        texts.filter.kind,
        filter.kinds,
        kinds.map((kind) => ({ value: kind, label: texts.kind[kind] ?? kind })),
        (kinds) => onChange({ ...filter, kinds }),
      )}
      {filter.areas.length + filter.kinds.length + filter.severities.length > 0 && (
        <Button type="link" onClick={() => onChange(NO_FILTER)}>
          {texts.filter.clear}
        </Button>
      )}
    </div>
  );
}

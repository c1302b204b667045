/** A call as the form holds it: empty text = not said. */
export interface CallFields {
  accountNo: string;
  callerPhone: string;
  transformerCode: string;
  address: string;
  contact: string;
  symptom: string;
  place: string;
  extent: Extent;
}

export const EXTENTS = ['unknown', 'premises', 'several', 'area'] as const;
export type Extent = (typeof EXTENTS)[number];

export const EMPTY_CALL: CallFields = {
  accountNo: '',
  callerPhone: '',
  transformerCode: '',
  address: '',
  contact: '',
  symptom: '',
  place: '',
  extent: 'unknown',
};

/** What is sent; null while the service would only refuse it: nobody could find the place, or nothing is said to be wrong. */
export function callOf(fields: CallFields): Partial<CallFields> | null {
  const said = Object.fromEntries(
    Object.entries(fields).flatMap(([name, value]) => (value.trim() === '' ? [] : [[name, value.trim()]])),
  ) as Partial<CallFields>;
  const isFound = [said.accountNo, said.callerPhone, said.transformerCode, said.address].some(Boolean);
  return isFound && said.symptom !== undefined ? said : null;
}

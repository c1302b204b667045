/** A place on the network as one jsonb value of a query; `a` is the asset. Read back as `Place`. */
export const PLACE = `jsonb_build_object('assetId', a.id, 'code', a.code, 'name', a.name, 'area', a.area)`;

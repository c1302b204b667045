import fc from 'fast-check';

/** Properties take new random cases at a desk; before something lands they take the same ones each time, so that a run can be repeated. */
if (process.env.CI === 'true') fc.configureGlobal({ seed: 20_261_121 });

import { Global, Module } from '@nestjs/common';
import { Config } from '../../config.js';
import { builtInPolicyFile, readPolicyFile } from '../../policy-file.js';
import { Database } from '../database/database.js';
import { ActivePolicy } from './active-policy.js';

@Global()
@Module({
  providers: [
    {
      provide: ActivePolicy,
      inject: [Config, Database],
      useFactory: (config: Config, db: Database) =>
        ActivePolicy.activate(db, readPolicyFile(config.policyFile ?? builtInPolicyFile(config.utilityProfile))),
    },
  ],
  exports: [ActivePolicy],
})
export class PolicyModule {}

import { Global, Module } from '@nestjs/common';
import { Config } from '../../config.js';
import { builtInPolicyFile, readPolicyFile } from '../../policy-file.js';
import { Database } from '../database/database.js';
import { ActivePolicy } from './active-policy.js';
import { PolicyRefresh } from './policy-refresh.js';
import { PolicyController } from './policy.controller.js';

@Global()
@Module({
  controllers: [PolicyController],
  providers: [
    {
      provide: ActivePolicy,
      inject: [Config, Database],
      useFactory: (config: Config, db: Database) =>
        ActivePolicy.activate(db, readPolicyFile(config.policyFile ?? builtInPolicyFile(config.utilityProfile))),
    },
    PolicyRefresh,
  ],
  exports: [ActivePolicy],
})
export class PolicyModule {}

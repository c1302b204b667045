import { Global, Module } from '@nestjs/common';
import { Workers } from './workers.js';

/** The journal itself is a table and three functions (append, readAfter, step); only the loop that follows it has a life. */
@Global()
@Module({ providers: [Workers], exports: [Workers] })
export class JournalModule {}

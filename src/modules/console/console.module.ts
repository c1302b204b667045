import { Module } from '@nestjs/common';
import { BoardController } from './board.controller.js';
import { ConsoleFiles } from './console-files.js';

/** What people see in a browser (built from web/), and the counts at its top. */
@Module({ controllers: [BoardController], providers: [ConsoleFiles] })
export class ConsoleModule {}

import { Injectable, StreamableFile } from '@nestjs/common';
import type { CallHandler, ExecutionContext, NestInterceptor } from '@nestjs/common';
import { map } from 'rxjs';
import type { Observable } from 'rxjs';
import { ENDPOINT } from './endpoint.js';
import type { EndpointSpec } from './endpoint.js';

/** Puts every JSON answer through the schema that the OpenAPI document shows: what is documented is what is sent. */
@Injectable()
export class ResponseInterceptor implements NestInterceptor {
  intercept(context: ExecutionContext, next: CallHandler): Observable<unknown> {
    const spec = Reflect.getMetadata(ENDPOINT, context.getHandler()) as EndpointSpec | undefined;
    if (spec === undefined || spec.contentType !== undefined) return next.handle();
    return next.handle().pipe(
      map((answer: unknown) => {
        if (spec.fileTypes !== undefined && answer instanceof StreamableFile) return answer;
        const result = spec.response.safeParse(answer);
        if (result.success) return result.data;
        throw new Error(
          `${spec.method} ${spec.path} answered something that its schema does not allow: ${result.error.message}`,
        );
      }),
    );
  }
}

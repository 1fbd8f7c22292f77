import { type DynamicModule, Global, Module, type Provider } from '@nestjs/common';
import { ConfigModule as NestConfigModule, ConfigService } from '@nestjs/config';
import { AUTH_CONFIG } from './auth.config.ts';
import { CACHE_CONFIG } from './cache.config.ts';
import { INGESTION_CONFIG } from './ingestion.config.ts';
import type { Settings } from './load-settings.ts';
import { LOGGING_CONFIG } from './logging.config.ts';
import { MODELS_CONFIG } from './models.config.ts';
import { RETRIEVAL_SETTINGS } from './retrieval.config.ts';
import { SERVER_CONFIG } from './server.config.ts';
import { STORE_CONFIG } from './store.config.ts';

const TOKENS = {
  server: SERVER_CONFIG,
  logging: LOGGING_CONFIG,
  auth: AUTH_CONFIG,
  cache: CACHE_CONFIG,
  models: MODELS_CONFIG,
  ingestion: INGESTION_CONFIG,
  retrieval: RETRIEVAL_SETTINGS,
  store: STORE_CONFIG,
} as const satisfies Record<keyof Settings, symbol>;

const slices: Provider[] = Object.entries(TOKENS).map(([area, token]) => ({
  provide: token,
  inject: [ConfigService],
  useFactory: (config: ConfigService): unknown => config.getOrThrow<unknown>(area),
}));

/** Every area of the settings as a typed slice of its own: `@Inject(SERVER_CONFIG) config: ServerConfig`. */
@Global()
@Module({})
export class ConfigModule {
  /** @param settings what `loadSettings` returned; checked before Nest starts, so that faults are shown without a stack */
  static forRoot(settings: Settings): DynamicModule {
    return {
      module: ConfigModule,
      imports: [NestConfigModule.forRoot({ load: [() => settings], ignoreEnvFile: true, skipProcessEnv: true, cache: true })],
      providers: slices,
      exports: Object.values(TOKENS),
    };
  }
}

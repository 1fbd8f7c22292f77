import js from '@eslint/js';
import tseslint from 'typescript-eslint';

const tooMany = (what, selector, limit) => ({
  selector: `${selector}[params.length>${String(limit)}]`,
  message: `${what} takes at most ${String(limit)} parameters.`,
});

export default tseslint.config(
  { ignores: ['dist/', 'node_modules/', 'coverage/', 'data/', 'src/web/public/vendor/'] },
  js.configs.recommended,
  {
    files: ['**/*.ts'],
    extends: [tseslint.configs.strictTypeChecked, tseslint.configs.stylisticTypeChecked],
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    rules: {
      '@typescript-eslint/no-extraneous-class': ['error', { allowWithDecorator: true }],
      // It refuses every options literal whose type Nest declares as a class, and every object literal for a port.
      '@typescript-eslint/no-unsafe-class-instance-assignment': 'off',
      // A constructor that only narrows the codes of its error class is not useless.
      '@typescript-eslint/no-useless-constructor': 'off',
      '@typescript-eslint/consistent-type-imports': ['error', { fixStyle: 'inline-type-imports' }],
      '@typescript-eslint/switch-exhaustiveness-check': 'error',
      '@typescript-eslint/naming-convention': [
        'error',
        { selector: 'interface', format: ['PascalCase'], custom: { regex: '^I[A-Z]', match: false } },
        { selector: 'class', format: ['PascalCase'], custom: { regex: '(Manager|Helper|Util|Utils|Base)$', match: false } },
      ],
      // A row's type is known to the one who wrote the query: `one<Row>(sql)`.
      '@typescript-eslint/no-unnecessary-type-parameters': 'off',
      '@typescript-eslint/no-unused-vars': ['error', { ignoreRestSiblings: true, argsIgnorePattern: '^_' }],
      complexity: ['error', 8],
      'max-lines': ['error', { max: 250, skipBlankLines: true, skipComments: true }],
      'max-lines-per-function': ['error', { max: 40, skipBlankLines: true, skipComments: true }],
      'no-console': 'error',
      'no-restricted-syntax': [
        'error',
        tooMany('A function', 'FunctionDeclaration', 4),
        tooMany('A function', 'ArrowFunctionExpression', 4),
        tooMany('A method', "MethodDefinition:not([kind='constructor']) > FunctionExpression", 4),
        tooMany('A constructor', "MethodDefinition[kind='constructor'] > FunctionExpression", 5),
        {
          selector:
            "CatchClause CallExpression[callee.property.name=/^(error|warn|fatal)$/][callee.object.property.name='logger']:not(:has(Property[key.name='err']))",
          message: 'A log of an error passes the error object: logger.error({ err: error }, "what happened").',
        },
        { selector: "CallExpression[callee.name='forwardRef']", message: 'No forwardRef: turn the dependency around.' },
      ],
    },
  },
  {
    files: ['**/*.spec.ts', '**/*.e2e-spec.ts', '**/*.int-spec.ts', 'test/**/*.ts'],
    rules: {
      'max-lines': ['error', { max: 300, skipBlankLines: true, skipComments: true }],
      // `describe` callbacks are lists of cases, not functions to understand at once.
      'max-lines-per-function': 'off',
      '@typescript-eslint/no-unsafe-assignment': 'off',
    },
  },
  {
    files: ['src/**/*.ts'],
    ignores: ['src/config/config.module.ts', 'src/common/logging/*.ts'],
    rules: {
      'no-restricted-imports': [
        'error',
        { paths: [{ name: '@nestjs/common', importNames: ['Global', 'forwardRef'], message: 'Only config and logging are global.' }] },
      ],
    },
  },
  {
    files: ['**/*.mjs'],
    languageOptions: { globals: { process: 'readonly', console: 'readonly', setTimeout: 'readonly', clearTimeout: 'readonly', URL: 'readonly' } },
  },
  {
    files: ['src/web/public/**/*.js', 'src/cli/graph/page/*.js'],
    languageOptions: {
      globals: Object.fromEntries(
        ['window', 'document', 'fetch', 'localStorage', 'sessionStorage', 'location', 'history', 'TextDecoder', 'URL', 'URLSearchParams', 'AbortController', 'FormData', 'EventSource', 'setTimeout', 'clearTimeout', 'HTMLElement', 'navigator'].map((name) => [name, 'readonly']),
      ),
    },
  },
);

import js from "@eslint/js";
import globals from "globals";

export default [
  { ignores: ["**/bundle.js"] },
  js.configs.recommended,
  {
    files: ["**/*.{js,jsx}"],
    languageOptions: { globals: globals.browser, parserOptions: { ecmaFeatures: { jsx: true } } },
    rules: {
      "no-unused-vars": "off", // tsc knows which names JSX uses, and refuses those that nothing uses
      "max-lines": ["error", { max: 400, skipBlankLines: true, skipComments: true }],
      "prefer-const": "error",
      "no-var": "error",
      eqeqeq: "error",
      "object-shorthand": "error",
      "no-restricted-properties": [
        "error",
        ...["innerHTML", "outerHTML", "insertAdjacentHTML"].map((property) => ({ property })),
      ],
    },
  },
  { files: ["**/*.mjs", "**/eslint.config.js"], languageOptions: { globals: globals.node } },
];

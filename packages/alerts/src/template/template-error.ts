/** A template that cannot be parsed or executed; the message is worded as Go words it. */
export class TemplateError extends Error {
  override readonly name = 'TemplateError';
}

/** A fault that an operation in a store thread raises knowingly; the adapter on the main thread translates its code. */
export class OperationFault extends Error {
  readonly faultCode: string;

  constructor(faultCode: string, message: string) {
    super(message);
    this.name = 'OperationFault';
    this.faultCode = faultCode;
  }
}

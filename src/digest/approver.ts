/** Who asks for or approves an edition: an operator of the console or, without an id, whoever runs a command. */
export interface Approver {
  readonly id: number | null;
  readonly name: string;
}

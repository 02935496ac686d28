/** How one kind of refusal is told. */
export interface RefusalKind {
  /** HTTP status at every door. */
  readonly status: number;
  /** `error.type` of the OpenAI dialect; Anthropic's goes by the status. */
  readonly type: string;
  /** What a client developer or script reads. */
  readonly message: string;
  /** What a person in Slack reads; the message when absent. */
  readonly slack?: string;
  /** What to do about it. Routes in it are told as commands on the command line. */
  readonly cure: string;
  /** The same for a person in Slack; the cure when absent. */
  readonly slackCure?: string;
}

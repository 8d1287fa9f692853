/** That these operators' apps can't be known any more: sealed secrets without their key. */
export function lostSecrets(emails: readonly string[]): string {
  const whose =
    emails.length === 1
      ? `The authenticator app of ${emails[0]} is`
      : `The authenticator apps of ${emails.join(', ')} are`;
  return `${whose} sealed under another key than the operators.key that is here.`;
}

export const mendLostSecrets =
  'Put that file back from a backup; or sign in with a recovery code and set the app up anew under Account, or say silkpost operators reset EMAIL.';

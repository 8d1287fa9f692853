import { describe, expect, it } from 'vitest';
import { parseDeliveryStatus } from '../../../src/delivery/bounces/delivery-status.ts';
import { judgeReport } from '../../../src/delivery/index.ts';

const ana = 'ana@example.com';

/** The one recipient of a report with these two fields, and the class of its failure. */
function read(status: string, diagnostic: string) {
  const recipients = parseDeliveryStatus(
    `Reporting-MTA: dns; mx.example.net\n\nFinal-Recipient: rfc822; ${ana}\nAction: failed\n${status}Diagnostic-Code: smtp; ${diagnostic}\n`,
  );
  const verdict = judgeReport(recipients, ana);
  return [recipients[0]?.status, verdict.kind === 'failed' ? verdict.class : verdict.kind];
}

describe('parseDeliveryStatus', () => {
  it('takes the other server’s own code where the report’s says nothing', () => {
    expect(read('Status: 5.0.0\n', '550 5.1.1 <ana@example.com>... User unknown')).toEqual(['5.1.1', 'address_gone']);
    expect(read('Status: 5.0.0\n', '550-5.2.1 The account is inactive')).toEqual(['5.2.1', 'slowly_gone']);
    expect(read('', '550 #5.1.1 Recipient unknown')).toEqual(['5.1.1', 'address_gone']);
    expect(read('', '5.1.1 no')).toEqual(['5.1.1', 'address_gone']);
  });

  it('takes no code that the other server quotes for what it says itself', () => {
    const callout =
      '550-Verification failed for <b-1@bounces.dispatch.example> 550-Called: 192.0.2.10 550-Response: 550 5.1.1 <b-1@bounces.dispatch.example>: no 550 Sender verify failed';
    expect(read('Status: 5.0.0\n', callout)).toEqual(['5.0.0', 'our_protocol']);
    expect(read('Status: 5.0.0\n', '550 your return path answers 550 5.1.1')).toEqual(['5.0.0', 'refused']);
    expect(read('', '550 your return path answers 550 5.1.1')).toEqual([null, 'refused']);
  });

  it('takes the report’s own code before all else', () => {
    expect(read('Status: 5.7.1 (refused)\n', '550 5.1.1 User unknown')).toEqual(['5.7.1', 'our_reputation']);
  });
});

/** Texts that run something, load something or lead away wherever they are taken for markup. */
export const payloads: readonly string[] = [
  '<script>alert(1)</script>',
  '"><img src=x onerror=alert(2)>',
  "' onmouseover='alert(3)' autofocus onfocus='alert(4)",
  '</title><svg onload=alert(5)>',
  'javascript:alert(6)',
  '{{constructor.constructor("alert(7)")()}} $(alert(8)) <%= alert(9) %>',
  '&lt;script&gt;alert(10)&lt;/script&gt; &#x3c;b&#x3e;',
  '<a href="javascript:alert(11)">x</a><iframe srcdoc="<script>alert(12)</script>">',
  '<style>*{background:url(https://evil.example/)}</style><base href="https://evil.example/">',
  '--><meta http-equiv=refresh content="0;url=https://evil.example/"><!--',
];

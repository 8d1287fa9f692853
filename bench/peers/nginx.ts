import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/** A configuration for one nginx process that serves `www/` with its compressed twins, on a given port of loopback. */
export async function prepareNginx(folder: string, port: number): Promise<string> {
  await mkdir(join(folder, 'www'), { recursive: true });
  const config = `daemon off;
master_process off;
pid ${folder}/nginx.pid;
error_log stderr error;
events { worker_connections 1024; }
http {
  types { application/rss+xml xml; }
  access_log off;
  sendfile on;
  tcp_nopush on;
  keepalive_requests 100000000;
  open_file_cache max=100 inactive=60s;
  client_body_temp_path ${folder}/body;
  proxy_temp_path ${folder}/proxy;
  fastcgi_temp_path ${folder}/fastcgi;
  uwsgi_temp_path ${folder}/uwsgi;
  scgi_temp_path ${folder}/scgi;
  server {
    listen 127.0.0.1:${port};
    root ${folder}/www;
    gzip_static on;
    gzip_vary on;
    etag on;
    add_header Cache-Control "public, max-age=900";
  }
}
`;
  const path = join(folder, 'nginx.conf');
  await writeFile(path, config);
  return path;
}

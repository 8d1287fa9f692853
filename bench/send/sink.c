/*
 * An SMTP sink for measuring senders; no mail server. One thread, epoll: it announces PIPELINING, answers every command, looks for
 * the final dot and keeps nothing. `sink [DELAY_MS]` prints the port that it listens on; each answer waits so long.
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

enum { max_connections = 65536, buffer_size = 262144, read_size = 131072 };

struct connection {
  int in_content;
  int held;
  unsigned turn; /* tells a descriptor's new connection from the one before */
  char bytes[buffer_size + 8];
};
struct answer {
  struct answer *next;
  double due;
  int fd, closes;
  unsigned turn;
  int length;
  char bytes[];
};

static struct connection *connections[max_connections];
static struct answer *first, **last = &first;
static double delay_ms;

static double now_ms(void) {
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return t.tv_sec * 1e3 + t.tv_nsec / 1e6;
}

static void hang_up(int fd) {
  connections[fd]->turn++;
  close(fd);
}

/* Says it now, or puts it behind what waits: all wait equally long, so the queue is in order. */
static void say(int fd, const char *bytes, int length, int closes) {
  if (delay_ms == 0) {
    if (write(fd, bytes, length) < 0) return;
    if (closes) hang_up(fd);
    return;
  }
  struct answer *answer = malloc(sizeof *answer + length);
  *answer = (struct answer){.due = now_ms() + delay_ms, .fd = fd, .closes = closes, .turn = connections[fd]->turn, .length = length};
  memcpy(answer->bytes, bytes, length);
  *last = answer;
  last = &answer->next;
}

static int say_what_is_due(void) {
  double now = now_ms();
  while (first && first->due <= now) {
    struct answer *answer = first;
    if (connections[answer->fd]->turn == answer->turn) {
      if (write(answer->fd, answer->bytes, answer->length) < 0) {}
      if (answer->closes) hang_up(answer->fd);
    }
    first = answer->next;
    if (!first) last = &first;
    free(answer);
  }
  return first ? (int)(first->due - now) + 1 : -1;
}

static void listen_to(int fd, struct connection *c) {
  char out[65536];
  int length = 0, closes = 0;
  char *at = c->bytes, *end = c->bytes + c->held;
#define ADD(text) (memcpy(out + length, text, sizeof(text) - 1), length += sizeof(text) - 1)
  while (length < 65000 && !closes) {
    if (c->in_content) {
      char *dot = memmem(at, end - at, "\r\n.\r\n", 5);
      if (!dot) {
        if (end - at > 4) at = end - 4;
        break;
      }
      at = dot + 5;
      c->in_content = 0;
      ADD("250 2.0.0 Ok\r\n");
      continue;
    }
    char *line_end = memmem(at, end - at, "\r\n", 2);
    if (!line_end) break;
    if (!strncasecmp(at, "DATA", 4)) {
      ADD("354 go\r\n");
      c->in_content = 1;
      at = line_end; /* the line end before the content belongs to a content that is empty */
      continue;
    }
    if (!strncasecmp(at, "EHLO", 4)) ADD("250-sink\r\n250-PIPELINING\r\n250 8BITMIME\r\n");
    else if (!strncasecmp(at, "QUIT", 4)) { ADD("221 bye\r\n"); closes = 1; }
    else ADD("250 2.1.0 Ok\r\n");
    at = line_end + 2;
  }
  c->held = end - at;
  memmove(c->bytes, at, c->held);
  if (length > 0) say(fd, out, length, closes);
}

int main(int count, char **words) {
  delay_ms = count > 1 ? atof(words[1]) : 0;
  int one = 1, listener = socket(AF_INET, SOCK_STREAM, 0);
  struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
  socklen_t size = sizeof address;
  if (bind(listener, (void *)&address, size) || listen(listener, 1000)) return perror("sink"), 1;
  getsockname(listener, (void *)&address, &size);
  printf("%d\n", ntohs(address.sin_port));
  fflush(stdout);
  int poll = epoll_create1(0);
  struct epoll_event event = {EPOLLIN, {.fd = listener}}, events[64];
  epoll_ctl(poll, EPOLL_CTL_ADD, listener, &event);
  for (;;) {
    int ready = epoll_wait(poll, events, 64, say_what_is_due());
    for (int i = 0; i < ready; i++) {
      int fd = events[i].data.fd;
      if (fd == listener) {
        int opened = accept(listener, 0, 0);
        if (opened < 0 || opened >= max_connections) continue;
        setsockopt(opened, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
        if (!connections[opened]) connections[opened] = calloc(1, sizeof(struct connection));
        connections[opened]->in_content = connections[opened]->held = 0;
        event = (struct epoll_event){EPOLLIN, {.fd = opened}};
        epoll_ctl(poll, EPOLL_CTL_ADD, opened, &event);
        say(opened, "220 sink ESMTP\r\n", 16, 0);
        continue;
      }
      struct connection *c = connections[fd];
      int got = read(fd, c->bytes + c->held, read_size);
      if (got <= 0) { hang_up(fd); continue; }
      c->held += got;
      listen_to(fd, c);
    }
  }
}

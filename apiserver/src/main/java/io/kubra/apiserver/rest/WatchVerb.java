package io.kubra.apiserver.rest;

import io.kubra.api.status.ApiException;
import io.kubra.apiserver.cache.CacheEvent;
import io.kubra.apiserver.cache.ResourceCache;
import io.kubra.apiserver.cache.Snapshot;
import io.kubra.apiserver.cache.StoredObject;
import io.kubra.apiserver.cache.Watcher;
import io.kubra.apiserver.encoding.Negotiation;
import io.kubra.apiserver.encoding.OutputFormat;
import io.kubra.apiserver.encoding.Responder;
import io.kubra.apiserver.encoding.WatchEncoder;
import io.kubra.apiserver.request.RequestContext;
import io.kubra.apiserver.storage.ServedResource;
import io.kubra.transport.http.ClientGoneException;
import io.kubra.transport.http.HttpExchange;
import io.kubra.transport.http.HttpHeaders;
import io.kubra.transport.http.ResponseStream;
import io.kubra.transport.websocket.WebSocket;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Streams changes until the client goes, the time is over, or the server ends the watch. */
final class WatchVerb {
  private static final long BOOKMARK_NANOS = TimeUnit.SECONDS.toNanos(60);
  private static final int MIN_TIMEOUT_SECONDS = 1800;
  private static final int BATCH = 256;

  private final Clock clock;

  WatchVerb(Clock clock) {
    this.clock = clock;
  }

  /** A watch that has been set up: what to send first, and where events come from. */
  private record Start(@Nullable Snapshot initial, boolean markEnd, Watcher watcher, long from) {}

  void handle(RequestContext c, ServedResource r) throws Exception {
    ListOptions options = ListOptions.of(c.query(), true);
    // the old form /api/v1/watch/…/name says the name in the path
    String name = c.info().parts().size() > 1 ? c.info().name() : "";
    Selection selection = Selection.of(r, c.info().namespace(), options.named(name));
    OutputFormat format = Negotiation.choose(c, r, true);
    WatchEncoder encoder = new WatchEncoder(r, format, c.query().get("includeObject"), clock);
    Start start;
    try {
      start = begin(r.cache(), selection, options);
    } catch (ApiException e) {
      if (e.code() != 410) {
        throw e;
      }
      ResponseStream out = open(c, encoder, () -> {});
      out.write(encoder.error(e));
      out.close();
      return;
    }
    try (Watcher watcher = start.watcher()) {
      c.exchange().onClose(watcher::close);
      ResponseStream out = open(c, encoder, watcher::close);
      try {
        sendInitial(out, start, selection, options, encoder);
        c.endTurn();
        stream(out, start, options, encoder);
      } catch (ApiException e) {
        // what cannot be shown, such as an object that cannot be converted, ends the watch
        out.write(encoder.error(e));
        out.close();
      }
    } catch (ClientGoneException e) {
      // the usual end of a watch
    }
  }

  private static ResponseStream open(RequestContext c, WatchEncoder encoder, Runnable onGone) {
    HttpHeaders headers = Responder.headers(c.warnings(), encoder.contentType());
    HttpExchange exchange = c.exchange();
    if (!exchange.isUpgrade("websocket")) {
      return exchange.start(200, headers);
    }
    WebSocket socket = exchange.acceptWebSocket("", headers);
    return new WebSocketEvents(socket, encoder.isText(), onGone);
  }

  private static Start begin(ResourceCache cache, Selection selection, ListOptions options) {
    Boolean sendInitial = options.sendInitialEvents();
    long revision = options.revision();
    boolean fromState = sendInitial != null ? sendInitial : revision == 0;
    if (!fromState) {
      if (revision == 0) {
        // sendInitialEvents=false: only what happens from now on
        ResourceCache.Subscription s =
            cache.watchConsistently(selection.prefix(), selection.filter());
        return new Start(null, false, s.watcher(), s.initial().revision());
      }
      Watcher watcher = cache.watchAfter(selection.prefix(), selection.filter(), revision);
      return new Start(null, false, watcher, revision);
    }
    boolean mayBeOld = options.resourceVersion().equals("0");
    ResourceCache.Subscription s =
        options.resourceVersion().isEmpty()
            ? cache.watchConsistently(selection.prefix(), selection.filter())
            : cache.watchFromNow(selection.prefix(), selection.filter(), mayBeOld ? 0 : revision);
    return new Start(s.initial(), sendInitial != null, s.watcher(), s.initial().revision());
  }

  private static void stream(
      ResponseStream out, Start start, ListOptions options, WatchEncoder encoder)
      throws InterruptedException {
    long end = System.nanoTime() + timeout(options);
    long nextBookmark = System.nanoTime() + BOOKMARK_NANOS;
    long sent = start.from();
    while (true) {
      long now = System.nanoTime();
      boolean over = now >= end;
      if (over || now >= nextBookmark) {
        // read before the queue is emptied: everything up to here is in the queue or sent
        long delivered = start.watcher().deliveredRevision();
        List<Watcher.Item> rest = start.watcher().take(0);
        if (rest == null) {
          break;
        }
        sent = Math.max(send(out, rest, encoder, sent), sent);
        if (options.allowBookmarks() && delivered > 0) {
          sent = Math.max(sent, delivered);
          out.write(encoder.bookmark(sent, false));
          out.flush();
        }
        nextBookmark = now + BOOKMARK_NANOS;
        if (over) {
          break;
        }
        continue;
      }
      List<Watcher.Item> items = start.watcher().take(Math.min(end, nextBookmark) - now);
      if (items == null) {
        break;
      }
      sent = Math.max(sent, send(out, items, encoder, sent));
    }
    out.close();
  }

  private static void sendInitial(
      ResponseStream out,
      Start start,
      Selection selection,
      ListOptions options,
      WatchEncoder encoder) {
    Snapshot initial = start.initial();
    if (initial != null) {
      List<StoredObject> batch = new ArrayList<>(BATCH);
      initial
          .objects()
          .forEach(
              selection.start(),
              selection.end(),
              o -> {
                if (selection.filter().accepts(o)) {
                  batch.add(o);
                  if (batch.size() == BATCH) {
                    write(out, encoder.added(batch));
                    batch.clear();
                  }
                }
                return true;
              });
      write(out, encoder.added(batch));
      if (start.markEnd() && options.allowBookmarks()) {
        out.write(encoder.bookmark(initial.revision(), true));
      }
    }
    // also when there is nothing to send: the client waits for the headers
    out.flush();
  }

  private static long send(
      ResponseStream out, List<Watcher.Item> items, WatchEncoder encoder, long sent) {
    if (items.isEmpty()) {
      return sent;
    }
    List<byte[]> frames = new ArrayList<>(Math.min(items.size(), BATCH));
    long last = sent;
    for (Watcher.Item item : items) {
      CacheEvent event = item.event();
      if (event.revision() <= sent) {
        continue;
      }
      last = event.revision();
      frames.add(encoder.event(event, item.type()));
      if (frames.size() == BATCH) {
        write(out, frames);
      }
    }
    write(out, frames);
    out.flush();
    return last;
  }

  private static void write(ResponseStream out, List<byte[]> frames) {
    if (!frames.isEmpty()) {
      out.write(frames.toArray(byte[][]::new));
      frames.clear();
    }
  }

  private static long timeout(ListOptions options) {
    long seconds = options.timeoutSeconds();
    if (seconds <= 0) {
      seconds = MIN_TIMEOUT_SECONDS + ThreadLocalRandom.current().nextInt(MIN_TIMEOUT_SECONDS);
    }
    return TimeUnit.SECONDS.toNanos(seconds);
  }
}

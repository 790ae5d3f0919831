package io.kubra.apiserver.webhook;

import io.kubra.api.json.Json;
import io.kubra.api.json.JsonSyntaxException;
import io.kubra.apiserver.connect.ServiceEndpoints;
import io.kubra.apiserver.registry.ObjectReader;
import io.kubra.transport.http.ConnectionFailedException;
import io.kubra.transport.http.HttpClient;
import io.kubra.transport.http.HttpClientResponse;
import io.kubra.transport.http.HttpHeaders;
import io.kubra.transport.http.HttpRequest;
import io.kubra.transport.http.TransportException;
import io.kubra.transport.tls.ClientTls;
import io.kubra.transport.tls.Pem;
import io.kubra.transport.tls.PemException;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.Base64;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Posts reviews to one webhook over connections that are kept. Each call has a thread of its own,
 * so that its deadline holds whatever the other side does.
 */
public final class WebhookClient implements AutoCloseable {
  /** More than any review of an object that can be stored needs. */
  private static final int MOST_BYTES = 16 * 1024 * 1024;

  private static final int ATTEMPTS = 2;

  private final WebhookTarget target;
  private final ObjectReader objects;
  private final HttpClient http;
  private final AtomicInteger running = new AtomicInteger();
  private volatile boolean retired;

  /**
   * @throws WebhookException if the bundle of authorities cannot be read
   */
  public WebhookClient(WebhookTarget target, ObjectReader objects) {
    this.target = target;
    this.objects = objects;
    this.http = HttpClient.builder().tls(tls(target)).build();
  }

  private static ClientTls tls(WebhookTarget target) {
    ClientTls tls = ClientTls.machine();
    if (!target.caBundle().isEmpty()) {
      try {
        tls = ClientTls.trusting(Pem.certificates(Base64.getDecoder().decode(target.caBundle())));
      } catch (IllegalArgumentException | PemException e) {
        throw new WebhookException("could not get REST client: unable to load root certificates");
      }
    }
    return target.service() == null ? tls : tls.withServerName(target.url().getHost());
  }

  /**
   * Posts a review and returns the object that is answered.
   *
   * @param timeout for all of it; the URL tells it too
   * @throws WebhookException if there is no answer in time, or none that can be read
   */
  public Map<String, Object> post(Map<String, Object> review, Duration timeout) {
    String path = target.url().getRawPath();
    String url =
        "https://%s%s?timeout=%ds"
            .formatted(
                target.url().getRawAuthority(),
                path == null || path.isEmpty() ? "/" : path,
                timeout.toSeconds());
    byte[] body = Json.write(review);
    FutureTask<Map<String, Object>> call = new FutureTask<>(() -> send(url, body));
    running.incrementAndGet();
    Thread.ofVirtual().name("webhook").start(call);
    try {
      return call.get(timeout.toNanos(), TimeUnit.NANOSECONDS);
    } catch (TimeoutException e) {
      call.cancel(true);
      throw failed(url, "context deadline exceeded");
    } catch (InterruptedException e) {
      call.cancel(true);
      Thread.currentThread().interrupt();
      throw failed(url, "context canceled");
    } catch (ExecutionException e) {
      throw switch (e.getCause()) {
        case WebhookException w -> w;
        case TransportException t -> failed(url, ConnectErrors.describe(t));
        case null, default -> failed(url, String.valueOf(e.getCause()));
      };
    } finally {
      if (running.decrementAndGet() == 0 && retired) {
        http.close();
      }
    }
  }

  /** Ends the connections as soon as no call is under way. */
  public void retire() {
    retired = true;
    if (running.get() == 0) {
      http.close();
    }
  }

  private static WebhookException failed(String url, String why) {
    return new WebhookException("Post \"" + url + "\": " + why);
  }

  private Map<String, Object> send(String url, byte[] body) {
    for (int attempt = 1; ; attempt++) {
      try {
        return exchange(url, body);
      } catch (ConnectionFailedException e) {
        throw e;
      } catch (TransportException e) {
        // A kept connection may have ended meanwhile; webhooks have no side effects.
        if (attempt == ATTEMPTS || Thread.currentThread().isInterrupted()) {
          throw e;
        }
      }
    }
  }

  private Map<String, Object> exchange(String url, byte[] body) {
    HttpHeaders headers =
        HttpHeaders.of(
            "Accept",
            "application/json, */*",
            "Content-Type",
            "application/json",
            "User-Agent",
            "kube-apiserver-admission");
    headers.set("Host", target.url().getRawAuthority());
    HttpRequest request = HttpRequest.of("POST", resolve(url), headers, body);
    try (HttpClientResponse response = http.send(request)) {
      byte[] answer = response.body().readNBytes(MOST_BYTES + 1);
      if (answer.length > MOST_BYTES) {
        throw new WebhookException("the response is larger than " + MOST_BYTES + " bytes");
      }
      if (response.status() < 200 || response.status() > 206) {
        String type = response.headers().getOr("Content-Type", "");
        throw new WebhookException(ResponseErrors.describe(response.status(), type, answer));
      }
      return Json.parseObject(answer);
    } catch (IOException e) {
      throw new TransportException(String.valueOf(e.getMessage()), e);
    } catch (JsonSyntaxException e) {
      throw new WebhookException("couldn't get version/kind; json parse error: " + e.message());
    }
  }

  private URI resolve(String url) {
    Map<String, Object> service = target.service();
    if (service == null) {
      return URI.create(url);
    }
    URI named = URI.create(url);
    String query = named.getRawQuery() == null ? "" : "?" + named.getRawQuery();
    try {
      URI base = new ServiceEndpoints(objects, service).choose();
      return URI.create(base + named.getRawPath() + query);
    } catch (ServiceEndpoints.Missing e) {
      throw failed(
          url,
          switch (e.reason()) {
            case ServiceNotFound -> "service \"" + service.get("name") + "\" not found";
            case ServicePortError ->
                "no service port %s found for service \"%s\""
                    .formatted(service.get("port"), service.get("name"));
            case EndpointsNotFound, MissingEndpoints ->
                "no endpoints available for service \"" + service.get("name") + "\"";
          });
    }
  }

  /** Ends the connections, and with them the calls that are under way. */
  @Override
  public void close() {
    http.close();
  }
}

package io.kubra.apiserver.aggregation;

import io.kubra.api.json.Json;
import io.kubra.api.json.JsonSyntaxException;
import io.kubra.api.meta.GroupVersion;
import io.kubra.api.schema.AddedResource;
import io.kubra.api.schema.ResourceInfo;
import io.kubra.api.status.ApiException;
import io.kubra.api.tree.Trees;
import io.kubra.apiserver.auth.UserInfo;
import io.kubra.apiserver.connect.ReverseProxy;
import io.kubra.apiserver.connect.ServiceEndpoints;
import io.kubra.apiserver.registry.ObjectReader;
import io.kubra.apiserver.request.LocalGroup;
import io.kubra.apiserver.request.RequestContext;
import io.kubra.apiserver.request.RequestInfo;
import io.kubra.apiserver.request.RequestLimit;
import io.kubra.transport.http.HttpClient;
import io.kubra.transport.http.HttpClientResponse;
import io.kubra.transport.http.HttpHeaders;
import io.kubra.transport.http.HttpRequest;
import io.kubra.transport.http.TransportException;
import io.kubra.transport.tls.ClientTls;
import io.kubra.transport.tls.KeyMaterial;
import io.kubra.transport.tls.Pem;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/** Another server that serves a group version, behind the Service of an APIService. */
final class Backend implements LocalGroup, AutoCloseable {
  private static final Duration TIMEOUT = Duration.ofSeconds(5);

  /** As long as upstream lets a request take; a server that hangs must not keep others waiting. */
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private final Map<String, Object> spec;
  private final ServiceEndpoints endpoints;
  private final HttpClient client;
  private final PublishedDocuments published;
  private volatile List<ResourceInfo> resources = List.of();
  private volatile boolean available;

  /** Whether the server can be used, with upstream's reason and text. */
  record Health(boolean available, String reason, String message) {}

  Backend(Map<String, Object> service, ObjectReader objects, Supplier<KeyMaterial> key) {
    this.spec = Trees.ensureMap(Trees.deepCopy(service), "spec");
    this.endpoints = new ServiceEndpoints(objects, Trees.ensureMap(spec, "service"));
    this.client = HttpClient.builder().tls(tls(spec, endpoints.hostName()).withKey(key)).build();
    this.published = new PublishedDocuments(version(), client);
  }

  private static ClientTls tls(Map<String, Object> spec, String hostName) {
    if (Trees.bool(spec, "insecureSkipTLSVerify")) {
      return ClientTls.insecure();
    }
    String bundle = Trees.stringOr(spec, "", "caBundle");
    ClientTls tls =
        bundle.isEmpty()
            ? ClientTls.machine()
            : ClientTls.trusting(Pem.certificates(Base64.getDecoder().decode(bundle)));
    return tls.withServerName(hostName);
  }

  /** Whether nothing was changed about who serves the version and how he is known. */
  boolean serves(Map<String, Object> service) {
    return Trees.equal(spec, Trees.map(service, "spec"));
  }

  @Override
  public GroupVersion version() {
    return new GroupVersion(Trees.stringOr(spec, "", "group"), Trees.stringOr(spec, "", "version"));
  }

  @Override
  public int priority() {
    return (int) Trees.integerOr(spec, AddedResource.CUSTOM_PRIORITY, "groupPriorityMinimum");
  }

  /** What the server said last that it serves. */
  List<ResourceInfo> resources() {
    return resources;
  }

  /** Asks the server what it serves. */
  Health check() {
    Health health;
    try {
      URI base = endpoints.choose();
      health = discover(base);
      if (health.available()) {
        published.refresh(base);
      }
    } catch (ServiceEndpoints.Missing e) {
      health = new Health(false, e.reason().name(), e.message());
    }
    available = health.available();
    return health;
  }

  private Health discover(URI base) {
    URI uri = URI.create(base + "/apis/" + version());
    HttpHeaders headers = HttpHeaders.of("Accept", "application/json");
    identify(headers, UserInfo.of("system:kube-aggregator", UserInfo.MASTERS));
    HttpRequest request = HttpRequest.of("GET", uri, headers).withTimeout(TIMEOUT);
    try (HttpClientResponse response = client.send(request)) {
      byte[] body = response.bytes();
      if (response.status() != 200) {
        return failed("bad status from " + uri + ": " + response.status());
      }
      resources = DiscoveredResources.read(version(), Json.parseObject(body));
      return new Health(true, "Passed", "all checks passed");
    } catch (TransportException | JsonSyntaxException e) {
      return failed("failing or missing response from " + uri + ": " + e.getMessage());
    }
  }

  /** The server's OpenAPI documents, as they were at the last check. */
  PublishedDocuments published() {
    return published;
  }

  private static Health failed(String message) {
    return new Health(false, "FailedDiscoveryCheck", message);
  }

  @Override
  public boolean handle(RequestContext context) throws Exception {
    if (!available) {
      throw ApiException.serviceUnavailable("service unavailable");
    }
    URI base;
    try {
      base = endpoints.choose();
    } catch (ServiceEndpoints.Missing e) {
      throw ApiException.serviceUnavailable("service unavailable");
    }
    ReverseProxy.passOn(
        context,
        client,
        base,
        headers -> identify(headers, context.user()),
        lasts(context.info()) ? null : PATIENCE);
    return true;
  }

  private static boolean lasts(RequestInfo info) {
    return info.verb().equals("watch") || RequestLimit.lasts(info);
  }

  /** Says who the user is; what the client said of it itself is taken out. */
  static void identify(HttpHeaders headers, UserInfo user) {
    for (String name : headers.names()) {
      if (name.regionMatches(true, 0, "X-Remote-", 0, 9)) {
        headers.remove(name);
      }
    }
    headers.set("X-Remote-User", user.name());
    if (!user.uid().isEmpty()) {
      headers.set("X-Remote-Uid", user.uid());
    }
    user.groups().forEach(group -> headers.add("X-Remote-Group", group));
    user.extra()
        .forEach(
            (name, values) ->
                values.forEach(
                    value ->
                        headers.add(
                            "X-Remote-Extra-" + URLEncoder.encode(name, StandardCharsets.UTF_8),
                            value)));
  }

  @Override
  public void close() {
    client.close();
  }
}

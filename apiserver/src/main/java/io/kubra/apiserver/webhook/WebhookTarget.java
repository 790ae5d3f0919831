package io.kubra.apiserver.webhook;

import io.kubra.api.tree.Trees;
import java.net.URI;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Where a webhook is, as a {@code clientConfig} says it.
 *
 * @param url where it is; of a Service, by its DNS name
 * @param service namespace, name and port of the Service; null if the URL is to be used as it is
 * @param caBundle PEM in base64 of who issued the server's certificate; empty for the machine's
 *     authorities
 */
public record WebhookTarget(URI url, @Nullable Map<String, Object> service, String caBundle) {

  /**
   * Reads a client configuration that was validated.
   *
   * @throws WebhookException if its URL is none
   */
  public static WebhookTarget of(@Nullable Map<String, Object> clientConfig) {
    String bundle = Trees.stringOr(clientConfig, "", "caBundle");
    Map<String, Object> service = Trees.map(clientConfig, "service");
    if (service == null) {
      return new WebhookTarget(uri(Trees.stringOr(clientConfig, "", "url")), null, bundle);
    }
    Map<String, Object> reference = new LinkedHashMap<>();
    reference.put("namespace", Trees.stringOr(service, "", "namespace"));
    reference.put("name", Trees.stringOr(service, "", "name"));
    reference.put("port", Trees.integerOr(service, 443, "port"));
    String path = Trees.stringOr(service, "", "path");
    String url =
        "https://%s.%s.svc:%s%s%s"
            .formatted(
                reference.get("name"),
                reference.get("namespace"),
                reference.get("port"),
                path.isEmpty() || path.startsWith("/") ? "" : "/",
                path);
    return new WebhookTarget(uri(url), reference, bundle);
  }

  private static URI uri(String text) {
    try {
      return URI.create(text);
    } catch (IllegalArgumentException e) {
      throw new WebhookException("not a URL: " + e.getMessage());
    }
  }
}

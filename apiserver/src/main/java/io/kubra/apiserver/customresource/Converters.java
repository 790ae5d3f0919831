package io.kubra.apiserver.customresource;

import io.kubra.api.status.ApiException;
import io.kubra.api.tree.Trees;
import io.kubra.apiserver.registry.ObjectReader;
import io.kubra.apiserver.webhook.WebhookClient;
import io.kubra.apiserver.webhook.WebhookException;
import io.kubra.apiserver.webhook.WebhookTarget;
import io.kubra.metrics.MetricRegistry;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** How each definition converts; keeps the connections to their webhooks. */
final class Converters implements AutoCloseable {
  private final ObjectReader objects;
  private final ConversionMetrics metrics;
  private final Map<String, Known> known = new HashMap<>();

  private record Known(WebhookTarget target, WebhookClient client) {}

  Converters(ObjectReader objects, MetricRegistry registry) {
    this.objects = objects;
    this.metrics = new ConversionMetrics(registry);
  }

  /** The converter that a definition asks for, in place of the one it asked for before. */
  synchronized Converter of(Definition definition) {
    Map<String, Object> conversion = definition.conversion();
    if (!"Webhook".equals(conversion.get("strategy"))) {
      forget(definition.name());
      return Converter.NONE;
    }
    try {
      WebhookTarget target = WebhookTarget.of(Trees.map(conversion, "webhook", "clientConfig"));
      Known before = known.get(definition.name());
      if (before == null || !before.target().equals(target)) {
        forget(definition.name());
        before = new Known(target, new WebhookClient(target, objects));
        known.put(definition.name(), before);
      }
      String version = version(Trees.strings(conversion, "webhook", "conversionReviewVersions"));
      return new WebhookConverter(definition.name(), version, before.client(), metrics);
    } catch (WebhookException e) {
      return new Unusable(definition.name(), e.message());
    }
  }

  /** Fails whatever it is asked, since its configuration cannot be used. */
  private record Unusable(String definition, String why) implements Converter {
    @Override
    public List<Map<String, Object>> convert(List<Map<String, Object>> trees, String apiVersion) {
      if (trees.stream().allMatch(t -> apiVersion.equals(t.get("apiVersion")))) {
        return trees;
      }
      throw ApiException.generic(
          500, "", "conversion webhook of " + definition + " cannot be used: " + why);
    }
  }

  /** The first that is known here; validation saw to it that there is one. */
  private static String version(List<String> wanted) {
    for (String version : wanted) {
      if (version.equals("v1") || version.equals("v1beta1")) {
        return version;
      }
    }
    return "v1";
  }

  /** Ends the connections of a definition, once they are no longer in use. */
  synchronized void forget(String definition) {
    Known before = known.remove(definition);
    if (before != null) {
      before.client().retire();
    }
  }

  @Override
  public synchronized void close() {
    known.values().forEach(k -> k.client().close());
    known.clear();
  }
}

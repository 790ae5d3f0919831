package io.kubra.apiserver.metricsapi;

import io.kubra.api.meta.GroupResource;
import io.kubra.api.status.ApiException;
import io.kubra.apiserver.registry.ObjectAccess;
import io.kubra.apiserver.request.PostStartHook;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Registers the API as an APIService that this server answers itself, and starts the scraper. */
final class Publication implements PostStartHook {
  private static final GroupResource SERVICES =
      new GroupResource("apiregistration.k8s.io", "apiservices");
  private static final String NAME =
      MetricsResources.VERSION.version() + "." + MetricsResources.GROUP;
  private static final String MANAGED = "kube-aggregator.kubernetes.io/automanaged";
  private static final long PRIORITY = 100;

  private final UsageScraper scraper;

  Publication(UsageScraper scraper) {
    this.scraper = scraper;
  }

  @Override
  public String name() {
    return "metrics/start-resource-metrics";
  }

  @Override
  public void run(ObjectAccess objects) {
    register(objects);
    scraper.start();
  }

  private static void register(ObjectAccess objects) {
    if (objects.get(SERVICES, "", NAME) != null) {
      return;
    }
    Map<String, Object> spec = new LinkedHashMap<>();
    spec.put("group", MetricsResources.GROUP);
    spec.put("version", MetricsResources.VERSION.version());
    spec.put("groupPriorityMinimum", PRIORITY);
    spec.put("versionPriority", PRIORITY);
    Map<String, Object> metadata = new LinkedHashMap<>();
    metadata.put("name", NAME);
    // A server that does not serve the API any more may delete it.
    metadata.put("labels", new LinkedHashMap<>(Map.of(MANAGED, "onstart")));
    Map<String, Object> service = new LinkedHashMap<>();
    service.put("metadata", metadata);
    service.put("spec", spec);
    Map<String, Object> created;
    try {
      created = objects.create(SERVICES, service);
    } catch (ApiException e) {
      if (e.is("AlreadyExists")) {
        return;
      }
      throw e;
    }
    Map<String, Object> condition = new LinkedHashMap<>();
    condition.put("type", "Available");
    condition.put("status", "True");
    condition.put("lastTransitionTime", Instant.now().truncatedTo(ChronoUnit.SECONDS).toString());
    condition.put("reason", "Local");
    condition.put("message", "Local APIServices are always available");
    Map<String, Object> status = new LinkedHashMap<>();
    status.put("conditions", List.of(condition));
    created.put("status", status);
    objects.updateStatus(SERVICES, created);
  }
}

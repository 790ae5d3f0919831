package io.kubra.apiserver.rest;

import io.kubra.api.meta.GroupResource;
import io.kubra.api.meta.GroupVersionKind;
import io.kubra.api.selector.LabelSelector;
import io.kubra.api.status.ApiException;
import io.kubra.api.tree.Trees;
import io.kubra.apiserver.encoding.BodyReader;
import io.kubra.apiserver.encoding.FieldValidation;
import io.kubra.apiserver.encoding.Negotiation;
import io.kubra.apiserver.encoding.OutputFormat;
import io.kubra.apiserver.encoding.Responder;
import io.kubra.apiserver.registry.ObjectReader;
import io.kubra.apiserver.request.RequestContext;
import io.kubra.apiserver.storage.Change;
import io.kubra.apiserver.storage.DeleteOptions;
import io.kubra.apiserver.storage.ObjectWriter;
import io.kubra.apiserver.storage.ServedResource;
import io.kubra.apiserver.storage.ServedResources;
import io.kubra.apiserver.storage.UpdateScope;
import io.kubra.apiserver.storage.Write;
import java.time.Clock;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** pods/eviction: a delete that respects the pod's disruption budget. */
final class EvictionVerb {
  private static final GroupVersionKind EVICTION = new GroupVersionKind("policy", "v1", "Eviction");
  private static final GroupResource BUDGETS = new GroupResource("policy", "poddisruptionbudgets");
  private static final int MAX_DISRUPTED = 2000;
  private static final String VIOLATES =
      "Cannot evict pod as it would violate the pod's disruption budget.";

  private final ServedResources resources;
  private final ObjectReader reader;
  private final BodyReader bodies;
  private final Objects objects;
  private final ObjectWriter writer;
  private final Responder responder;
  private final Clock clock;

  EvictionVerb(
      ServedResources resources,
      ObjectReader reader,
      BodyReader bodies,
      Objects objects,
      ObjectWriter writer,
      Responder responder,
      Clock clock) {
    this.resources = resources;
    this.reader = reader;
    this.bodies = bodies;
    this.objects = objects;
    this.writer = writer;
    this.responder = responder;
    this.clock = clock;
  }

  void create(RequestContext c, ServedResource pods) {
    OutputFormat format = Negotiation.choose(c.exchange().headers(), c.query(), false);
    Write w = WriteRequest.of(c, "CreateOptions");
    Map<String, Object> eviction =
        bodies.object(c, EVICTION, FieldValidation.of(c.query().get("fieldValidation")));
    String name = c.info().name();
    String namespace = c.info().namespace();
    String own = Trees.stringOr(eviction, "", "metadata", "name");
    if (!own.isEmpty() && !own.equals(name)) {
      throw ApiException.badRequest("name in URL does not match name in Eviction object");
    }
    writer.admitConnected(pods, "eviction", namespace, name, eviction, w);
    Map<String, Object> pod = objects.existing(pods, namespace, name).tree();
    Map<String, Object> optionTree = Trees.map(eviction, "deleteOptions");
    DeleteOptions options =
        optionTree == null ? DeleteOptions.DEFAULT : DeleteOptions.of(optionTree);
    boolean dryRun =
        w.dryRun() || (optionTree != null && !Trees.list(optionTree, "dryRun").isEmpty());
    Write write = w.withOptions(w.options(), dryRun).admitted();
    if (!needsNoBudget(pod)) {
      spendBudget(namespace, name, pod, write);
    }
    writer.delete(pods, namespace, name, options, write);
    responder.tree(c, Statuses.success(201, null), format, 201);
  }

  private static boolean needsNoBudget(Map<String, Object> pod) {
    String phase = Trees.stringOr(pod, "", "status", "phase");
    return phase.equals("Succeeded")
        || phase.equals("Failed")
        || phase.equals("Pending")
        || Trees.get(pod, "metadata", "deletionTimestamp") != null;
  }

  private void spendBudget(String namespace, String name, Map<String, Object> pod, Write w) {
    List<Map<String, Object>> budgets = new ArrayList<>();
    for (Map<String, Object> budget : reader.list(BUDGETS, namespace)) {
      if (selects(budget, pod)) {
        budgets.add(budget);
      }
    }
    if (budgets.isEmpty()) {
      return;
    }
    if (budgets.size() > 1) {
      throw ApiException.internal(
          "This pod has more than one PodDisruptionBudget, which the eviction subresource does not"
              + " support.");
    }
    Map<String, Object> budget = budgets.getFirst();
    if (!ready(pod) && mayGoUnhealthy(budget)) {
      return;
    }
    ServedResource served = resources.storageOf(BUDGETS);
    if (served == null) {
      return;
    }
    writer.update(
        served,
        UpdateScope.STATUS,
        namespace,
        Trees.stringOr(budget, "", "metadata", "name"),
        new Spend(name),
        w);
  }

  private static boolean selects(Map<String, Object> budget, Map<String, Object> pod) {
    Map<String, Object> selector = Trees.map(budget, "spec", "selector");
    if (selector == null) {
      return false;
    }
    Map<String, Object> labels = Trees.map(pod, "metadata", "labels");
    Map<String, String> texts = new LinkedHashMap<>();
    if (labels != null) {
      labels.forEach((k, v) -> texts.put(k, String.valueOf(v)));
    }
    return LabelSelector.fromTree(selector).matches(texts);
  }

  private static boolean ready(Map<String, Object> pod) {
    for (Object o : Trees.list(pod, "status", "conditions")) {
      if ("Ready".equals(Trees.string(o, "type"))) {
        return "True".equals(Trees.string(o, "status"));
      }
    }
    return false;
  }

  /** A pod that is not ready may go without using up the budget, depending on its policy. */
  private static boolean mayGoUnhealthy(Map<String, Object> budget) {
    if ("AlwaysAllow".equals(Trees.string(budget, "spec", "unhealthyPodEvictionPolicy"))) {
      return true;
    }
    long current = number(budget, "currentHealthy");
    long desired = number(budget, "desiredHealthy");
    return desired > 0 && current >= desired;
  }

  private static long number(Map<String, Object> budget, String field) {
    Long value = Trees.integer(budget, "status", field);
    return value == null ? 0 : value;
  }

  private final class Spend implements Change {
    private final String pod;

    Spend(String pod) {
      this.pod = pod;
    }

    @Override
    public boolean retries() {
      return true;
    }

    @Override
    public Map<String, Object> apply(@Nullable Map<String, Object> budget) {
      if (budget == null) {
        throw ApiException.internal("the disruption budget is gone");
      }
      String name = Trees.stringOr(budget, "", "metadata", "name");
      Long generation = Trees.integer(budget, "metadata", "generation");
      if (generation != null && number(budget, "observedGeneration") < generation) {
        throw refused(
            "The disruption budget " + name + " is still being processed by the server.", 10);
      }
      long allowed = number(budget, "disruptionsAllowed");
      if (allowed < 0) {
        throw ApiException.forbidden(
            "policy", "poddisruptionbudgets", name, "pdb disruptions allowed is negative");
      }
      Map<String, Object> disrupted = Trees.ensureMap(budget, "status", "disruptedPods");
      if (disrupted.size() > MAX_DISRUPTED) {
        throw ApiException.forbidden(
            "policy",
            "poddisruptionbudgets",
            name,
            "DisruptedPods map too big - too many evictions not confirmed by PDB controller");
      }
      if (allowed == 0) {
        throw refused(
            "The disruption budget "
                + name
                + " needs "
                + number(budget, "desiredHealthy")
                + " healthy pods and has "
                + number(budget, "currentHealthy")
                + " currently",
            0);
      }
      Trees.set(budget, allowed - 1, "status", "disruptionsAllowed");
      disrupted.put(pod, clock.instant().truncatedTo(ChronoUnit.SECONDS).toString());
      return budget;
    }

    private static ApiException refused(String cause, int retrySeconds) {
      return ApiException.tooManyRequests(VIOLATES, retrySeconds)
          .withCause("DisruptionBudget", cause, "");
    }
  }
}

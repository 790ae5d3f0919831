package io.kubra.apiserver.rest;

import io.kubra.api.meta.GroupResource;
import io.kubra.api.meta.GroupVersionKind;
import io.kubra.api.status.ApiException;
import io.kubra.api.status.FieldError;
import io.kubra.api.tree.Trees;
import io.kubra.apiserver.encoding.BodyReader;
import io.kubra.apiserver.encoding.FieldValidation;
import io.kubra.apiserver.encoding.Negotiation;
import io.kubra.apiserver.encoding.OutputFormat;
import io.kubra.apiserver.encoding.Responder;
import io.kubra.apiserver.request.RequestContext;
import io.kubra.apiserver.storage.Change;
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

/** pods/binding and bindings: the scheduler's decision where a pod runs. */
final class BindingVerb {
  private static final GroupVersionKind BINDING = new GroupVersionKind("", "v1", "Binding");

  private final ServedResources resources;
  private final BodyReader bodies;
  private final ObjectWriter writer;
  private final Responder responder;
  private final Clock clock;

  BindingVerb(
      ServedResources resources,
      BodyReader bodies,
      ObjectWriter writer,
      Responder responder,
      Clock clock) {
    this.resources = resources;
    this.bodies = bodies;
    this.writer = writer;
    this.responder = responder;
    this.clock = clock;
  }

  /** POST; the pod's name is in the path, or in the binding's own. */
  void create(RequestContext c, String podInPath) {
    OutputFormat format = Negotiation.choose(c.exchange().headers(), c.query(), false);
    Write w = WriteRequest.of(c, "CreateOptions");
    Map<String, Object> binding =
        bodies.object(c, BINDING, FieldValidation.of(c.query().get("fieldValidation")));
    String pod = Trees.stringOr(binding, "", "metadata", "name");
    if (!podInPath.isEmpty() && !pod.isEmpty() && !pod.equals(podInPath)) {
      throw ApiException.badRequest("name in URL does not match name in Binding object");
    }
    String name = podInPath.isEmpty() ? pod : podInPath;
    String node = Trees.stringOr(binding, "", "target", "name");
    check(name, binding, node);
    ServedResource pods = resources.storageOf(new GroupResource("", "pods"));
    if (pods == null) {
      throw ApiException.internal("no pods are served");
    }
    writer.admitConnected(pods, "binding", c.info().namespace(), name, binding, w);
    writer.update(
        pods,
        UpdateScope.BINDING,
        c.info().namespace(),
        name,
        new Assignment(name, node, binding),
        w.admitted());
    responder.tree(c, Statuses.success(201, null), format, 201);
  }

  private static void check(String name, Map<String, Object> binding, String node) {
    List<FieldError> errors = new ArrayList<>();
    String kind = Trees.stringOr(binding, "", "target", "kind");
    if (!kind.isEmpty() && !kind.equals("Node")) {
      errors.add(FieldError.notSupported("target.kind", kind, List.of("Node", "<empty>")));
    }
    if (node.isEmpty()) {
      errors.add(FieldError.required("target.name", ""));
    }
    if (!errors.isEmpty()) {
      throw ApiException.invalid("", "Binding", name, errors);
    }
  }

  private final class Assignment implements Change {
    private final String pod;
    private final String node;
    private final Map<String, Object> binding;

    Assignment(String pod, String node, Map<String, Object> binding) {
      this.pod = pod;
      this.node = node;
      this.binding = binding;
    }

    @Override
    public boolean retries() {
      return Trees.stringOr(binding, "", "metadata", "resourceVersion").isEmpty();
    }

    @Override
    public Map<String, Object> apply(@Nullable Map<String, Object> current) {
      if (current == null) {
        throw ApiException.notFound("", "pods", pod);
      }
      String uid = Trees.stringOr(binding, "", "metadata", "uid");
      if (!uid.isEmpty()) {
        Trees.set(current, uid, "metadata", "uid");
      }
      String version = Trees.stringOr(binding, "", "metadata", "resourceVersion");
      if (!version.isEmpty()) {
        Trees.set(current, version, "metadata", "resourceVersion");
      }
      if (Trees.get(current, "metadata", "deletionTimestamp") != null) {
        throw conflict("pod " + pod + " is being deleted, cannot be assigned to a host");
      }
      String assigned = Trees.stringOr(current, "", "spec", "nodeName");
      if (!assigned.isEmpty()) {
        throw conflict("pod " + pod + " is already assigned to node \"" + assigned + "\"");
      }
      if (!Trees.list(current, "spec", "schedulingGates").isEmpty()) {
        throw conflict("pod " + pod + " has non-empty .spec.schedulingGates");
      }
      Trees.set(current, node, "spec", "nodeName");
      merge(current, "annotations");
      merge(current, "labels");
      setScheduled(current);
      return current;
    }

    private void merge(Map<String, Object> current, String field) {
      Map<String, Object> more = Trees.map(binding, "metadata", field);
      if (more != null && !more.isEmpty()) {
        Trees.ensureMap(current, "metadata", field).putAll(more);
      }
    }

    private void setScheduled(Map<String, Object> current) {
      List<Object> conditions = new ArrayList<>(Trees.list(current, "status", "conditions"));
      conditions.removeIf(o -> o instanceof Map<?, ?> m && "PodScheduled".equals(m.get("type")));
      Map<String, Object> scheduled = new LinkedHashMap<>();
      scheduled.put("type", "PodScheduled");
      scheduled.put("status", "True");
      scheduled.put("lastProbeTime", null);
      scheduled.put(
          "lastTransitionTime", clock.instant().truncatedTo(ChronoUnit.SECONDS).toString());
      conditions.add(scheduled);
      Trees.set(current, conditions, "status", "conditions");
    }

    private ApiException conflict(String why) {
      return ApiException.conflict("", "pods/binding", pod, why);
    }
  }
}

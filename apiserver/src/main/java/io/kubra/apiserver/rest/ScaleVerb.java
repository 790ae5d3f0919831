package io.kubra.apiserver.rest;

import io.kubra.api.meta.GroupVersionKind;
import io.kubra.api.schema.Schema;
import io.kubra.api.selector.LabelSelector;
import io.kubra.api.status.ApiException;
import io.kubra.api.status.FieldError;
import io.kubra.api.tree.Trees;
import io.kubra.apiserver.encoding.BodyReader;
import io.kubra.apiserver.encoding.FieldValidation;
import io.kubra.apiserver.encoding.Negotiation;
import io.kubra.apiserver.encoding.ObjectDecoder;
import io.kubra.apiserver.encoding.OutputFormat;
import io.kubra.apiserver.encoding.Responder;
import io.kubra.apiserver.request.RequestContext;
import io.kubra.apiserver.rules.ScalePaths;
import io.kubra.apiserver.storage.Change;
import io.kubra.apiserver.storage.ObjectWriter;
import io.kubra.apiserver.storage.ServedResource;
import io.kubra.apiserver.storage.SubresourceView;
import io.kubra.apiserver.storage.UpdateScope;
import io.kubra.apiserver.storage.Write;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.StringJoiner;
import org.jspecify.annotations.Nullable;

/** The scale subresource: the replicas of a workload, seen through one common kind. */
final class ScaleVerb {
  private static final GroupVersionKind SCALE = new GroupVersionKind("autoscaling", "v1", "Scale");

  private final BodyReader bodies;
  private final ObjectDecoder decoder;
  private final Objects objects;
  private final ObjectWriter writer;
  private final Responder responder;
  private final @Nullable Schema schema;

  ScaleVerb(
      BodyReader bodies,
      ObjectDecoder decoder,
      Objects objects,
      ObjectWriter writer,
      Responder responder) {
    this.bodies = bodies;
    this.decoder = decoder;
    this.objects = objects;
    this.writer = writer;
    this.responder = responder;
    this.schema = decoder.catalogue().typeOf(SCALE);
  }

  void get(RequestContext c, ServedResource r) {
    OutputFormat format = Negotiation.choose(c.exchange().headers(), c.query(), false);
    Map<String, Object> object =
        r.served(objects.existing(r, c.info().namespace(), c.info().name()));
    responder.tree(c, scaleOf(r, object), format, 200);
  }

  void update(RequestContext c, ServedResource r) {
    Map<String, Object> wanted =
        bodies.object(c, SCALE, FieldValidation.of(c.query().get("fieldValidation")));
    write(c, r, WriteRequest.of(c, "UpdateOptions"), current -> wanted, false);
  }

  void patch(RequestContext c, ServedResource r) {
    PatchVerb.PatchBody patch = PatchVerb.read(c);
    FieldValidation validation = FieldValidation.of(c.query().get("fieldValidation"));
    Write w = WriteRequest.of(c, "PatchOptions");
    Schema type = schema;
    if (type == null) {
      throw ApiException.internal("the catalogue has no Scale");
    }
    write(
        c,
        r,
        w,
        current ->
            patch instanceof PatchVerb.PatchBody.Apply(Map<String, Object> applied)
                ? merged(current, applied)
                : decoder.decode(
                    PatchVerb.patched(patch, current, type), SCALE, validation, List.of(), c::warn),
        true);
  }

  private interface ScaleChange {
    Map<String, Object> apply(Map<String, Object> current);
  }

  private void write(
      RequestContext c, ServedResource r, Write w, ScaleChange change, boolean retries) {
    OutputFormat format = Negotiation.choose(c.exchange().headers(), c.query(), false);
    Change onObject =
        new Change() {
          @Override
          public Map<String, Object> apply(@Nullable Map<String, Object> current) {
            if (current == null) {
              throw ApiException.notFound(r.group(), r.resource(), c.info().name());
            }
            Map<String, Object> scale = change.apply(scaleOf(r, current));
            setReplicas(c, r, current, scale);
            return current;
          }

          @Override
          public boolean retries() {
            return retries;
          }

          @Override
          public SubresourceView view() {
            return new View(c, r);
          }
        };
    ObjectWriter.Updated updated =
        writer.update(r, UpdateScope.SCALE, c.info().namespace(), c.info().name(), onObject, w);
    responder.tree(c, scaleOf(r, r.served(updated.object())), format, 200);
  }

  private record View(RequestContext c, ServedResource r) implements SubresourceView {
    @Override
    public Map<String, Object> show(Map<String, Object> object) {
      return scaleOf(r, object);
    }

    @Override
    public void take(Map<String, Object> object, Map<String, Object> shown) {
      setReplicas(c, r, object, shown);
    }
  }

  private static void setReplicas(
      RequestContext c, ServedResource r, Map<String, Object> object, Map<String, Object> scale) {
    Long replicas = Trees.integer(scale, "spec", "replicas");
    long wanted = replicas == null ? 0 : replicas;
    if (wanted < 0) {
      throw ApiException.invalid(
          "autoscaling",
          "Scale",
          c.info().name(),
          List.of(
              FieldError.invalid("spec.replicas", wanted, "must be greater than or equal to 0")));
    }
    Trees.set(object, wanted, r.rules().scalePaths().replicas().toArray(String[]::new));
    String version = Trees.stringOr(scale, "", "metadata", "resourceVersion");
    Trees.set(object, version, "metadata", "resourceVersion");
    String uid = Trees.stringOr(scale, "", "metadata", "uid");
    if (!uid.isEmpty()) {
      Trees.set(object, uid, "metadata", "uid");
    }
  }

  private static Map<String, Object> merged(
      Map<String, Object> current, Map<String, Object> applied) {
    Object replicas = Trees.get(applied, "spec", "replicas");
    if (replicas != null) {
      Trees.set(current, replicas, "spec", "replicas");
    }
    return current;
  }

  private static Map<String, Object> scaleOf(ServedResource r, Map<String, Object> object) {
    ScalePaths paths = r.rules().scalePaths();
    Map<String, Object> metadata = new LinkedHashMap<>();
    for (String field :
        List.of("name", "namespace", "uid", "resourceVersion", "creationTimestamp")) {
      Object value = Trees.get(object, "metadata", field);
      if (value != null) {
        metadata.put(field, value);
      }
    }
    Long wanted = Trees.integer(object, paths.replicas().toArray(String[]::new));
    Long actual = Trees.integer(object, paths.statusReplicas().toArray(String[]::new));
    Map<String, Object> spec = new LinkedHashMap<>();
    spec.put("replicas", wanted == null ? (r.custom() ? 0 : 1) : wanted);
    Map<String, Object> status = new LinkedHashMap<>();
    status.put("replicas", actual == null ? 0 : actual);
    String selector =
        !paths.selector().isEmpty()
            ? Trees.stringOr(object, "", paths.selector().toArray(String[]::new))
            : r.custom() ? "" : selector(Trees.map(object, "spec", "selector"));
    if (!selector.isEmpty()) {
      status.put("selector", selector);
    }
    Map<String, Object> scale = new LinkedHashMap<>();
    scale.put("kind", SCALE.kind());
    scale.put("apiVersion", "autoscaling/v1");
    scale.put("metadata", metadata);
    scale.put("spec", spec);
    scale.put("status", status);
    return scale;
  }

  /** A label selector as text; replication controllers have a plain map of labels. */
  private static String selector(@Nullable Map<String, Object> selector) {
    if (selector == null) {
      return "";
    }
    if (selector.containsKey("matchLabels") || selector.containsKey("matchExpressions")) {
      return LabelSelector.fromTree(selector).toString();
    }
    StringJoiner text = new StringJoiner(",");
    selector.forEach((k, v) -> text.add(k + "=" + v));
    return text.toString();
  }
}
